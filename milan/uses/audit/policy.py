"""Policies: what units of a network must not answer to, checked where models are released.

questions: [people-and-faces, ours.yaml]   # shipped names, or paths from the policy's folder
baseline: released.db                      # for rules that say may_grow
forbid:
  - concept: people's faces                # of the questions
    at_most: 10
  - concept: rulers                        # or written here
    words: [ruler, "measuring tape"]
    at_most: 0
    surely: true                           # count units alone that answer surely
  - concept: text
    may_grow: 0                            # this many units more than in the baseline
    layer: blocks.6
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from milan.catalog.meanings import Embed
from milan.errors import UsageError, nearest
from milan.places import CatalogPlace
from milan.records import Concept
from milan.uses.audit.asking import AuditedCatalog, LayerAnswers
from milan.uses.audit.audit import audit_catalogs
from milan.uses.audit.questions import CONCEPT_KEYS, Questions, concept_of, join_questions, open_questions
from milan.uses.audit.yaml_file import Field, Fields, read_fields

__all__ = ["Checked", "Violation", "check_policy"]

_MATCHING = tuple(key for key in CONCEPT_KEYS if key != "name")
_RULE = ("concept", "at_most", "may_grow", "surely", "layer", *_MATCHING)
_EXAMPLE = "forbid: [{concept: text, words: [text], at_most: 0}]"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a catalog breaks."""

    concept: str
    layer: str | None
    """None: all layers together."""
    n: int
    """Units counted."""
    allowed: int
    baseline: int | None
    """Units of the baseline, where the rule compares with one."""
    surely: bool
    """Whether sure answers alone were counted."""
    units: tuple[str, ...]
    """Those that were counted, the surest first."""

    @property
    def line(self) -> str:
        """One line that a person reads."""
        where = f" in {self.layer}" if self.layer else ""
        against = "" if self.baseline is None else f" (the baseline has {self.baseline})"
        named = ", ".join(self.units[:3]) + (", ..." if len(self.units) > 3 else "")
        surely = " surely" if self.surely else ""
        units = "1 unit answers" if self.n == 1 else f"{self.n} units answer"
        return f"{self.concept}: {units}{surely}{where}, allowed are {self.allowed}{against}: {named}"

    def as_dict(self) -> dict[str, Any]:
        """What JSON shows of it."""
        names = ("concept", "layer", "n", "allowed", "baseline", "surely")
        return {name: getattr(self, name) for name in names} | {"units": list(self.units)}


class Checked(NamedTuple):
    """What a check found."""

    n_rules: int
    violations: tuple[Violation, ...]
    notes: tuple[str, ...]
    """What a person should know of how it was counted."""


@dataclass(frozen=True, slots=True)
class _Rule:
    concept: Concept
    at_most: int | None
    may_grow: int | None
    surely: bool
    layer: str | None


@dataclass(frozen=True, slots=True)
class _Policy:
    rules: tuple[_Rule, ...]
    baseline: CatalogPlace | None


def check_policy(
    catalog: CatalogPlace | Path | str,
    policy: Path,
    baseline: CatalogPlace | Path | str | None = None,
    embed: Embed | None = None,
) -> Checked:
    """Hold a catalog against a policy's rules; `baseline` comes before the one that the policy names.

    Units of which it is not known how surely they answer count as sure: a gate that knows too little stays
    shut. Raises UsageError with line and key for a mistake in the policy, DataError and CatalogError for
    catalogs that cannot be used.
    """
    read = _read(policy)
    older = baseline or read.baseline
    grows = any(rule.may_grow is not None for rule in read.rules)
    if grows and older is None:
        raise UsageError(
            f"{policy}: may_grow compares with a baseline; write baseline: released.db, or --baseline"
        )
    asked = {rule.concept.name: rule.concept for rule in read.rules}
    questions = Questions(policy.stem, tuple(asked.values()))
    (found,) = audit_catalogs([catalog], questions, embed).catalogs
    before = None
    if grows and older is not None:
        (before,) = audit_catalogs([older], questions, embed).catalogs
    for rule in read.rules:
        if rule.layer is not None and all(layer.name != rule.layer for layer in found.layers):
            known = [layer.name for layer in found.layers]
            close = nearest(rule.layer, known)
            hint = f"did you mean {close!r}?" if close else f"it has {', '.join(known)}"
            raise UsageError(f"{policy}: the catalog has no layer {rule.layer!r}; {hint}")
    violations = [violation for rule in read.rules for violation in _violations(rule, found, before)]
    notes = []
    if any(rule.surely for rule in read.rules) and not found.knows_chance:
        notes.append(
            f"{CatalogPlace.parse(catalog)} does not know how surely units answer (described by an older "
            "milan, or on fewer than 200 measured images): all are counted"
        )
    return Checked(len(read.rules), tuple(violations), tuple(notes))


def _violations(rule: _Rule, found: AuditedCatalog, before: AuditedCatalog | None) -> list[Violation]:
    units = _counted(rule, found)
    limits: list[tuple[int, int | None]] = []
    if rule.at_most is not None:
        limits.append((rule.at_most, None))
    if rule.may_grow is not None and before is not None:
        known = len(_counted(rule, before))
        limits.append((known + rule.may_grow, known))
    return [
        Violation(rule.concept.name, rule.layer, len(units), allowed, known, rule.surely, units)
        for allowed, known in limits
        if len(units) > allowed
    ]


def _counted(rule: _Rule, catalog: AuditedCatalog) -> tuple[str, ...]:
    def counts(found: LayerAnswers) -> bool:
        return rule.layer in (None, found.layer.name)

    return tuple(
        str(answer.answer.unit)
        for found in filter(counts, catalog.of(rule.concept.name))
        for answer in found.answers
        if not rule.surely or answer.is_sure is not False
    )


def _read(path: Path) -> _Policy:
    fields = read_fields(path, ("questions", "baseline", "forbid"), _EXAMPLE)
    names = fields.texts("questions")
    questions = join_questions([open_questions(name, path.parent) for name in names])
    forbidden, baseline = fields.get("forbid"), fields.get("baseline")
    if forbidden is None or not forbidden.items():
        raise UsageError(f"{path}: nothing is forbidden; write {_EXAMPLE}")
    rules = tuple(_rule(item, questions.concepts) for item in forbidden.items())
    meant: dict[str, Concept] = {}
    for rule, item in zip(rules, forbidden.items(), strict=True):
        if meant.setdefault(rule.concept.name, rule.concept) != rule.concept:
            item.refuse(f"{rule.concept.name!r} means something else in another rule; give it another name")
    return _Policy(rules, None if baseline is None else _beside(path, baseline.text()))


def _rule(item: Field, concepts: Sequence[Concept]) -> _Rule:
    fields = item.fields(_RULE, "{concept: text, at_most: 0}")
    named = fields.get("concept")
    if named is None:
        item.refuse("a rule names no concept; write concept: text")
    at_most, may_grow, layer = fields.get("at_most"), fields.get("may_grow"), fields.get("layer")
    if at_most is None and may_grow is None:
        item.refuse("a rule says how many units are allowed; write at_most: 0 or may_grow: 0")
    return _Rule(
        concept=_concept(fields, named, concepts),
        at_most=None if at_most is None else at_most.whole_number(),
        may_grow=None if may_grow is None else may_grow.whole_number(),
        surely=_is_true(fields.get("surely")),
        layer=None if layer is None else layer.text(),
    )


def _concept(fields: Fields, named: Field, concepts: Sequence[Concept]) -> Concept:
    name = named.text()
    if any(fields.get(key) is not None for key in _MATCHING):
        return concept_of(fields, name)
    found = next((concept for concept in concepts if concept.name == name), None)
    if found is None:
        known = [concept.name for concept in concepts]
        close = nearest(name, known)
        hint = f"did you mean {close!r}?" if close else "write its words here, or name its question file"
        named.refuse(f"no concept {name!r} in the policy's questions; {hint}")
    return found


def _is_true(found: Field | None) -> bool:
    if found is None:
        return False
    if found.text().casefold() not in ("true", "false", "yes", "no"):
        found.refuse(f"true or false is expected, got {found.text()!r}")
    return found.text().casefold() in ("true", "yes")


def _beside(policy: Path, baseline: str) -> CatalogPlace:
    """A database, or a file from the policy's folder."""
    place = CatalogPlace.parse(baseline)
    return place if place.is_database else CatalogPlace.parse(policy.parent / baseline)
