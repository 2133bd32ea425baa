#!/usr/bin/env python3
"""check_alerts.py: each alert is tried and explained, and each figure that is named is one

usage: check_alerts.py [DIR]

- Each alert of deploy/monitoring/alerts.yaml has a runbook, docs/alerts.md#its-name, a section there of its
  name, and a test in alerts_test.yaml that sees it silent and sees it fire. No section is of no alert.
- Each figure in alerts.yaml and in the pages is in docs/metrics.md, which is generated, and has the labels
  by which alerts.yaml asks for it.

What the rules mean promtool tries: tests/clients.
"""
import pathlib
import re
import sys

FIGURE = re.compile(r"\b(?:exitbus|process)_[a-z_]*[a-z]\b(?!\()")
OF_PROMETHEUS = {"up"}
COMMON = {"job", "instance"}
PAGES = ["README.md", "ARCHITECTURE.md", "docs/*.md", "adapters/**/*.md", "services/**/*.md"]


def figures(root):
    """name: its labels, of the generated page."""
    known = {}
    for line in (root / "docs/metrics.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 5 and cells[1].startswith("`"):
            known[cells[1].strip("`")] = set(re.findall(r"`(\w+)`", cells[4]))
    return known


def alerts(text):
    """(name, what it says) of each rule."""
    parts = re.split(r"^ +- alert: (\w+)$", text, flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def faults_of_alerts(root):
    rules = (root / "deploy/monitoring/alerts.yaml").read_text()
    tests = (root / "deploy/monitoring/alerts_test.yaml").read_text()
    sections = re.findall(r"^### (\w+)$", (root / "docs/alerts.md").read_text(), re.M)
    names = [name for name, _ in alerts(rules)]
    if not names:
        yield "deploy/monitoring/alerts.yaml has no alert"
    for name, rule in alerts(rules):
        if f"runbook: docs/alerts.md#{name.lower()}\n" not in rule + "\n":
            yield f"{name} has no runbook docs/alerts.md#{name.lower()}"
        if not re.search(r"severity: (critical|warning)\b", rule):
            yield f"{name} is neither critical nor a warning"
        if name not in sections:
            yield f"{name} has no section in docs/alerts.md"
        if f", alertname: {name}}}" not in tests:
            yield f"{name} is never seen silent in alerts_test.yaml"
        if not re.search(rf"alertname: {name}\n +exp_alerts:\n +- ", tests):
            yield f"{name} is never seen to fire in alerts_test.yaml"
    for section in sections:
        if section not in names:
            yield f"docs/alerts.md has a section of {section}, which is no alert"


def faults_of_figures(root):
    known = figures(root)
    if not known:
        yield "docs/metrics.md has no figure"
    for pattern in PAGES:
        for path in sorted(root.glob(pattern)):
            for name in set(FIGURE.findall(path.read_text())) - set(known):
                yield f"{path.relative_to(root)}: {name} is no figure of docs/metrics.md"
    for name, rule in alerts((root / "deploy/monitoring/alerts.yaml").read_text()):
        expression = rule[:rule.index("labels:")]
        used = set(FIGURE.findall(expression)) - OF_PROMETHEUS
        for figure in used - set(known):
            yield f"{name}: {figure} is no figure of docs/metrics.md"
        may = COMMON.union(*(known.get(figure, set()) for figure in used), {"of"} if "__name__" in rule else set())
        asked = set(re.findall(r"without \((\w+)\)", expression)) | set(re.findall(r"[{,](\w+)=", expression))
        for label in asked - may - {"__name__"}:
            yield f"{name}: no figure of it has the label {label}"


def main():
    if "--help" in sys.argv[1:]:
        print(__doc__.strip())
        return 0
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    faults = [*faults_of_alerts(root), *faults_of_figures(root)]
    for fault in faults:
        print(fault)
    print(f"{len(alerts((root / 'deploy/monitoring/alerts.yaml').read_text()))} alerts, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
