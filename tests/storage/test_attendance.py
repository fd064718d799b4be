"""On PostgreSQL a process that is gone leaves no lease behind, and one that lives keeps its own."""

from storage import leases
from storage.database import open_database

HOUR = 3600.0


async def take(database, owner: str) -> list[int]:
    """The fence of the lease, or nothing while somebody else has it."""
    return [row.fence for row in await database.returning(leases.take("send:1", owner, HOUR))]


async def test_leases_of_the_dead_end_when_another_comes(new_postgres):
    url = new_postgres()
    first, second = [await open_database(url, exclusive=True) for _ in range(2)]
    await first.attend("a")
    assert await take(first, "a") == [1]
    await second.attend("b")
    assert await take(second, "b") == []  # the first one lives
    await first.close()
    third = await open_database(url, exclusive=True)
    await third.attend("c")
    assert await take(third, "c") == [2]
    await second.close()
    await third.close()


async def test_a_lost_connection_is_opened_again(new_postgres, postgres_server):
    url = new_postgres()
    first, second = [await open_database(url, exclusive=True) for _ in range(2)]
    await first.attend("a")
    assert await take(first, "a") == [1]
    postgres_server.psql(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory';"
    )
    await first.attend("a")
    await second.attend("b")
    assert await take(second, "b") == []
    await first.close()
    await second.close()
