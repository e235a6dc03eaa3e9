"""Counters that processes share, and that outlive them."""

from ossicle.edge.counters import IN_FLIGHT, ROWS, TABLE_BYTES, CounterTable, total


def table() -> CounterTable:
    return CounterTable(memoryview(bytearray(TABLE_BYTES)))


def test_a_name_keeps_its_place() -> None:
    counters = table()
    one, many, last = counters.place("one"), counters.place("many", 3), counters.place("last")
    counters.words[one] += 5
    counters.words[many + 2] += 7
    counters.words[last] += 1
    assert (counters.place("one"), counters.place("many", 3), counters.place("last")) == (one, many, last)
    assert counters.read() == {"one": [5], "many": [0, 0, 7], "last": [1]}


def test_who_takes_over_a_table_counts_on() -> None:
    memory = memoryview(bytearray(TABLE_BYTES))
    before = CounterTable(memory)
    before.words[before.place("requests")] = 3
    after = CounterTable(memory)
    after.words[after.place("requests")] += 1
    after.words[after.place("more")] += 1
    assert after.read() == {"requests": [4], "more": [1]}


def test_the_sum_of_tables() -> None:
    first, second = table(), table()
    first.words[first.place("both", 2) + 1] = 1
    second.words[second.place("only")] = 2
    second.words[second.place("both", 2) + 1] = 3
    first.words[IN_FLIGHT] = 9
    assert total([first, second]) == {"both": [0, 4], "only": [2]}


def test_what_has_no_room_harms_nothing() -> None:
    counters = table()
    places = [counters.place(f"counter {number}") for number in range(ROWS + 10)]
    for place in places:
        counters.words[place] += 1
    found = counters.read()
    assert set(map(tuple, found.values())) == {(1,)}
    assert len(found) > ROWS - 100
    counters.words[counters.place("x" * 200)] += 1
    assert len(counters.read()) == len(found)
