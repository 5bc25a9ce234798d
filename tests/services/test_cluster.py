"""The server that the other service tests use."""

import psycopg
import pytest
from services.postgresql import Cluster


def test_the_server_answers_its_owner_and_nobody_else(cluster: Cluster, database: str) -> None:
    plain = database.replace("+psycopg", "")
    with psycopg.connect(plain) as connection:
        (answer,) = connection.execute("SELECT 1").fetchone() or ()
    assert answer == 1
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(cluster.address("postgres", password="wrong").replace("+psycopg", ""))
