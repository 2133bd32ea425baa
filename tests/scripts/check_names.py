#!/usr/bin/env python3
"""check_names.py: every name the code can answer stands in a table or a test

usage: check_names.py [DIR]

Names are what a caller, a peer or an operator is answered by: the rule of a refusal, the name of a letter,
deadline or command without effect, the event of a report, a log line or a metric. In services/ these are

- every literal "word.word", alone or before a colon
- what Decision::NoEffect( is given
- the one word of an absl status

and in adapters/ every `.reason = "…"` of a refusal; what else adapters log is about their technology.

A name has to be an outcome ("refused NAME", "no effect NAME", on one line) in a *.table, or to be a
word of a string in a test: *_test.cc and *_contract.h beside the code, or anything in tests/. Comments do
not count. Names are written whole, so that they are found: one that is put together is refused too.
"""
import pathlib
import re
import sys

SOURCE_SUFFIXES = {".cc", ".h"}
TEST_CODE = re.compile(r"(_test\.cc|_testing\.(cc|h)|_contract\.h)$")
TOKEN = re.compile(r'R"\((?P<raw>.*?)\)"|"(?P<text>(?:\\.|[^"\\\n])*)"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*.*?\*/', re.S)
DOTTED = re.compile(r'"([a-z_]+\.[a-z_]+)(?:"|: )')
NO_EFFECT = re.compile(r'\bNoEffect\(\s*"([a-z_]+)"\s*\)')
STATUS = re.compile(r'\babsl::\w+Error\(\s*"([a-z_]+)"\s*\)')
REASON = re.compile(r'\.reason = "([a-z_.]+)"')
ANSWERS = re.compile(r"\b(NoEffect|Refuse|RefusedBy|RefusedOrder|Refused|Invalid|BadInput)\(\s*([^,;]*)")
COMPOSED = re.compile(r'"\s*\+|\+\s*"|\?\s*"|\bStr(Cat|Format|Join)\(|\bSubstitute\(')
ROW_OUTCOME = re.compile(r"\b(?:refused|no effect) ([a-z_.]+)")
WORD = re.compile(r"[a-z_]+(?:\.[a-z_]+)*")


def without_comments(text):
    """The code with each comment as one blank, so that lines keep their numbers."""
    def keep(match):
        token = match[0]
        return "\n" * token.count("\n") + " " if token.startswith("/") else token
    return TOKEN.sub(keep, text)


def files(root, folders, suffixes):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path


def answered(root):
    """Yields (name or None, file, line, complaint)."""
    for path in files(root, ("services", "adapters"), SOURCE_SUFFIXES):
        if TEST_CODE.search(path.name):
            continue
        code = without_comments(path.read_text())
        in_services = path.relative_to(root).parts[0] == "services"
        at = lambda match: code.count("\n", 0, match.start(1)) + 1
        for pattern in (DOTTED, NO_EFFECT, STATUS) if in_services else (REASON,):
            for match in pattern.finditer(code):
                yield match[1], path, at(match), None
        for match in ANSWERS.finditer(code):
            argument = match[2]
            hidden = match[1] == "NoEffect" and not re.match(r'"|std::string_view\b', argument)
            if hidden or COMPOSED.search(argument):
                yield None, path, at(match), f"write the name whole: {match[1]}({argument.strip()}"


def strings(path):
    text = path.read_text()
    if path.suffix in SOURCE_SUFFIXES:
        for match in TOKEN.finditer(text):
            yield match["raw"] or match["text"] or ""
    else:
        for line in text.splitlines():
            if not line.lstrip().startswith("#"):
                yield line


def expected(root):
    words = set()
    for path in files(root, ["services", "tests"], {".table"}):
        for line in path.read_text().splitlines():
            if not line.startswith("#"):
                words.update(ROW_OUTCOME.findall(line))
    beside = (p for p in files(root, ("services", "adapters", "tools"), SOURCE_SUFFIXES) if TEST_CODE.search(p.name))
    for path in [*beside, *files(root, ["tests"], SOURCE_SUFFIXES | {".py", ".sh"})]:
        if path.name.startswith("check_names"):
            continue
        for text in strings(path):
            words.update(WORD.findall(text))
    return words


def main():
    if "--help" in sys.argv[1:]:
        print(__doc__.strip())
        return 0
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    seen_by_tests = expected(root)
    names, faults = set(), []
    for name, path, line, complaint in answered(root):
        if name:
            names.add(name)
        if complaint or name not in seen_by_tests:
            faults.append(f"{path.relative_to(root)}:{line}: {complaint or name + ' is in no table and no test'}")
    for fault in faults:
        print(fault)
    if not names:
        print(f"no name is answered in {root}: wrong folder?")
    print(f"{len(names)} names, {len(faults)} faults")
    return 0 if names and not faults else 1


sys.exit(main())
