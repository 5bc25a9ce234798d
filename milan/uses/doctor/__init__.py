"""Whether everything is in place: packages, devices, weights that ship, and one catalog.

In: nothing, or a catalog's path. Out: `Finding`s, each with a line and what to do.

    for finding in [*examine_installation(), *examine_catalog(Path("units.db"))]:
        print(finding.level, finding.line, finding.remedy)
"""

from milan.uses.doctor.catalog import examine_catalog, repair_catalog
from milan.uses.doctor.finding import Finding, Level
from milan.uses.doctor.installation import examine_installation

__all__ = ["Finding", "Level", "examine_catalog", "examine_installation", "repair_catalog"]
