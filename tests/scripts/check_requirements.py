#!/usr/bin/env python3
"""check_requirements.py: every requirement has a row, and every test that a row names is there

usage: check_requirements.py [--write | --numbers] [DIR]

--write    writes docs/requirements.md of tests/tables/requirements.table, unless a row is wrong
--numbers  says each number that there has to be a row of

Without either it also wants docs/requirements.md to be what --write would write. The head of the table says
what a row is. A test that is named there has to be one of these:

- "path/a_test.cc: Suite.Test", a TEST, TEST_F or TEST_P of that file, outside of comments
- "path/a.table: row", a row of that table, above its "inputs:" and "words:"; and a test names the table
- "path/a_test.sh", a script
"""
import functools
import pathlib
import re
import sys

TABLE = "tests/tables/requirements.table"
PAGE = "docs/requirements.md"

# Prefix, how many numbers there are of it, how they are written, and what they are about.
SUBJECTS = (
    ("ACT", 24, "{}-{:02}", "Who takes part, and what each does"),
    ("ELI", 22, "{}-{:02}", "Whom it is for"),
    ("VIS", 20, "{}-{:02}", "From the referral to the visitation"),
    ("AGR", 16, "{}-{:02}", "The agreement"),
    ("FUP", 16, "{}-{:02}", "The course, and how it ends"),
    ("NEC", 10, "{}-{:02}", "What NEC is told, and what it keeps apart"),
    ("SEC", 9, "{}-{:02}", "Security"),
    ("REL", 18, "{}-{:02}", "Moving away"),
    ("HND", 8, "{}-{:02}", "Handing a case over"),
    ("FUN", 10, "{}-{:02}", "Who pays"),
    ("ORG", 5, "{}-{:02}", "What is done for the whole country"),
    ("KRF", 8, "{}-{:02}", "Prison and release"),
    ("INT", 7, "{}-{:02}", "Measures, methods and papers"),
    ("CAP", 11, "{}-{:02}", "How many"),
    ("EVA", 9, "{}-{:02}", "What becomes of them"),
    ("TIM", 12, "{}-{:02}", "By when"),
    ("COM", 2, "{}-{:02}", "What people are told"),
    ("CF", 14, "{}-{}", "Where one source says this and another that"),
    ("N", 23, "{}-{:02}", "What was found in 2026"),
)
KINDS = ("rule", "configuration", "part", "not built", "context")
ASKED_WORDS_MAX = 15
WORDS_MAX = 25
TESTS_MAX = 4

TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.S)
GTEST = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\)")
TABLE_NAMED = re.compile(r'"([a-z_/]+)(?:\.table)?"')


class Row:
    def __init__(self, line, number, asked, met, where):
        self.line, self.number, self.asked, self.met = line, number, asked, met
        self.where = [where]

    def tests(self):
        return [] if self.met in ("not built", "context") else [w for w in self.where if not w.startswith(";")]

    def words(self):
        """What is missing, or why it is not built, or what is known of it."""
        if self.met in ("not built", "context"):
            return " ".join(self.where)
        return " ".join(w[1:].strip() for w in self.where if w.startswith(";"))


def numbers():
    return [form.format(prefix, i) for prefix, count, form, _ in SUBJECTS for i in range(1, count + 1)]


def read_table(path):
    """Rows, and what is wrong with lines that are none."""
    rows, faults = [], []
    for line, text in enumerate(path.read_text().splitlines() if path.is_file() else [], 1):
        if not text.strip() or text.startswith("#"):
            continue
        cells = [cell.strip() for cell in text.split("|")]
        if len(cells) != 4 or not cells[3]:
            faults.append((line, "", "a row is: number | what is asked for | how it is met | where"))
        elif any(cells[:3]):
            rows.append(Row(line, *cells))
        elif rows:
            rows[-1].where.append(cells[3])
        else:
            faults.append((line, "", "there is no row above that this goes on with"))
    return rows, faults


@functools.lru_cache(None)
def gtests(path):
    code = TOKEN.sub(lambda token: " " if token[0].startswith("/") else token[0], path.read_text())
    return {f"{suite}.{name}" for suite, name in GTEST.findall(code)}


@functools.lru_cache(None)
def table_rows(path):
    names = set()
    for text in path.read_text().splitlines():
        if re.match(r"(inputs|words): ", text):
            break
        if "|" in text and not text.startswith("#"):
            names.add(text.split("|")[0].strip())
    return names


@functools.lru_cache(None)
def tables_named(root):
    """What the tests name that may be a table, with its folder or without."""
    named = set()
    for folder, pattern in (("services", "*_test.cc"), ("tests", "*.cc")):
        for path in (root / folder).rglob(pattern):
            named.update(TABLE_NAMED.findall(path.read_text()))
    return named


def is_read(root, table):
    parts = table.removesuffix(".table").split("/")
    return any("/".join(parts[i:]) in tables_named(root) for i in range(len(parts)))


def fault_of_test(root, test):
    path, _, name = test.partition(": ")
    if pathlib.PurePosixPath(path).is_absolute() or ".." in path.split("/") or not (root / path).is_file():
        return f"there is no file {path}"
    if path.endswith("_test.cc"):
        return None if name in gtests(root / path) else f"there is no test {name or 'named'} in {path}"
    if path.endswith(".table"):
        if not name or name not in table_rows(root / path):
            return f"there is no row {name or 'named'} in {path}"
        return None if is_read(root, path) else f"no test reads {path}"
    if path.endswith(".sh") and not name:
        return None
    return f"{test} is no test, no row of a table and no script"


def faults_of_row(root, row):
    if row.met not in KINDS:
        yield f"it is met by one of: {', '.join(KINDS)}; and not by: {row.met}"
        return
    if not row.asked or len(row.asked.split()) > ASKED_WORDS_MAX:
        yield f"what is asked for takes 1 to {ASKED_WORDS_MAX} words"
    if len(row.words().split()) > WORDS_MAX:
        yield f"beside the tests there are at most {WORDS_MAX} words"
    if row.met == "not built" and not row.words().startswith("because "):
        yield 'what is not built says "because"'
    if row.met in ("not built", "context"):
        if re.search(r"_test\.cc|\.table\b|\.sh\b", row.words()):
            yield f"what is met by {row.met} names no test"
        return
    if not row.tests():
        yield "no test is named"
    if len(row.tests()) > TESTS_MAX:
        yield f"at most {TESTS_MAX} tests are named"
    if row.met == "part" and not row.words():
        yield 'what is met in part says after ";" what is missing'
    if row.met != "part" and row.words():
        yield "only what is met in part has something missing"
    for test in row.tests():
        fault = fault_of_test(root, test)
        if fault:
            yield fault


def faults_in(root, rows):
    known, seen = set(numbers()), set()
    for row in rows:
        if row.number not in known:
            yield row.line, row.number, "there is no such number"
        if row.number in seen:
            yield row.line, row.number, "it is there twice"
        seen.add(row.number)
        for fault in faults_of_row(root, row):
            yield row.line, row.number, fault
    for number in numbers():
        if number not in seen:
            yield 0, number, "it has no row"


def shown(test):
    """A test as a link, named without its folders."""
    path, _, name = test.partition(": ")
    words = name if path.endswith(".cc") else f"{pathlib.PurePosixPath(path).name}{': ' if name else ''}{name}"
    return f"[{words.replace('<', '&lt;')}](../{path})"


def counts(rows):
    return [sum(row.met == kind for row in rows) for kind in KINDS] + [len(rows)]


def page(rows):
    by_prefix = {prefix: [] for prefix, *_ in SUBJECTS}
    for row in rows:
        by_prefix[row.number.split("-")[0]].append(row)
    lines = [
        "# What was asked for, and the test that holds it",
        "",
        f"Written by `tests/scripts/check_requirements.py --write` of [{TABLE}](../{TABLE}), whose head says what the",
        "words mean. A test fails while it is stale, or a test that it names is gone.",
        "",
        f"| | {' | '.join(KINDS)} | all |",
        f"|---|{'---:|' * (len(KINDS) + 1)}",
    ]
    for prefix, _, _, title in SUBJECTS:
        cells = " | ".join(str(count or "") for count in counts(by_prefix[prefix]))
        lines.append(f"| {prefix} · {title} | {cells} |")
    lines.append(f"| **all** | {' | '.join(f'**{count}**' for count in counts(rows))} |")
    for prefix, _, _, title in SUBJECTS:
        lines += ["", f"## {prefix} · {title}", "", "| number | asked for | met by | where |", "|---|---|---|---|"]
        for row in by_prefix[prefix]:
            where = [shown(test) for test in row.tests()]
            if row.words():
                where.append(("missing: " if row.met == "part" else "") + row.words())
            lines.append(f"| {row.number} | {row.asked} | {row.met} | {'<br>'.join(where)} |")
    return "\n".join(lines) + "\n"


def main():
    arguments = sys.argv[1:]
    if "--help" in arguments:
        print(__doc__.strip())
        return 0
    if "--numbers" in arguments:
        print("\n".join(numbers()))
        return 0
    folders = [argument for argument in arguments if argument != "--write"]
    root = pathlib.Path(folders[0] if folders else pathlib.Path(__file__).parents[2])
    rows, faults = read_table(root / TABLE)
    faults += faults_in(root, rows)
    if not faults:
        target, text = root / PAGE, page(rows)
        if "--write" in arguments:
            target.parent.mkdir(exist_ok=True)
            target.write_text(text)
        elif not target.is_file() or target.read_text() != text:
            faults.append((0, PAGE, "it is stale; write it with: tests/scripts/check_requirements.py --write"))
    for line, number, fault in faults:
        print(f"{TABLE}{f':{line}' if line else ''}: {number + ': ' if number else ''}{fault}")
    print(f"{len(rows)} requirements, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
