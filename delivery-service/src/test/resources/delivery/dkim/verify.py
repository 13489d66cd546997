"""Verifies each signature of each *.eml in a folder; the file `records` has a name and a value of the DNS on each line."""
import pathlib
import sys

import dkim

folder = pathlib.Path(sys.argv[1])
records = dict(line.split("\t") for line in (folder / "records").read_text().splitlines())


def lookup(name, timeout=5):
    text = name.decode() if isinstance(name, bytes) else name
    return records[text.rstrip(".")].encode()


for file in sorted(folder.glob("*.eml")):
    mail = file.read_bytes()
    results = []
    for number in range(mail.split(b"\r\n\r\n")[0].count(b"DKIM-Signature:")):
        try:
            results.append("pass" if dkim.DKIM(mail).verify(number, dnsfunc=lookup) else "fail")
        except dkim.DKIMException as problem:
            results.append(f"fail({problem})")
    print(file.stem, *results, sep="\t")
