"""``mrn weights``: which weights are known and installed here, and the import of published ones."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from mrn_core.errors import SettingsError, WeightsError


def add(subparsers: Any) -> None:
    """Adds the command to ``mrn``."""
    command = subparsers.add_parser(
        "weights",
        help="list and import the weights of networks",
        description="Weights that others published, as files that you fetched. Nothing is downloaded but "
        "by fan --fetch.",
    )
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what is known, and what is installed")
    listing.add_argument("--json", action="store_true", help="write JSON and nothing else")
    listing.set_defaults(run=run_list)
    importing = actions.add_parser("import", help="check a published file and keep it as safetensors")
    importing.add_argument("name", metavar="NAME", help="which weights: magnet, resnet18-imagenet")
    importing.add_argument("file", metavar="FILE", type=Path, help="the published file")
    importing.set_defaults(run=run_import)
    fan = actions.add_parser(
        "fan",
        help="the two files of the face backend fan: where they are, fetch, take from files",
        description="Tells source, licence and state of the files; fetches only with --fetch.",
    )
    how = fan.add_mutually_exclusive_group()
    how.add_argument("--fetch", action="store_true", help="download what is missing or damaged")
    how.add_argument("--from", dest="files", metavar="FILE", type=Path, nargs="+", help="take these files")
    fan.set_defaults(run=run_fan)
    trunk = actions.add_parser(
        "import-trunk",
        help="keep any ResNet-18 checkpoint as trunk weights",
        description="Keeps conv1 to layer3 of a ResNet-18 checkpoint (FER+, ImageNet, your own; colour or "
        "grey) under a name; then: mrn analyze ... --set trunk=NAME.",
    )
    trunk.add_argument("name", metavar="NAME", help="what you will call them, e.g. ferplus")
    trunk.add_argument("file", metavar="FILE", type=Path)
    trunk.add_argument("--mean", metavar="A[,B,C]", help="of pixels in 0..1 (default: ImageNet's)")
    trunk.add_argument("--std", metavar="A[,B,C]", help="of pixels in 0..1 (default: ImageNet's)")
    trunk.add_argument("--told", default="", metavar="TEXT", help="source and licence, kept with them")
    trunk.set_defaults(run=run_import_trunk)


def run_list(args: argparse.Namespace) -> int:
    """Prints every known set of weights and whether it is here."""
    listed = listing()
    if args.json:
        print(json.dumps(listed, indent=2))
        return 0
    for entry in listed:
        print(f"{entry['name']}: {entry['state']}")
        print(f"    for      {entry['purpose']}")
        print(f"    source   {entry['source']}: {entry['published_name']}")
        print(f"    licence  {entry['licence']}")
        print(f"    reads    {entry['convention']}")
        if entry["installed"]:
            print(f"    SHA-256  {entry['sha256']}")
    return 0


def run_import(args: argparse.Namespace) -> int:
    """Imports one published file.

    Raises:
        WeightsError: an unknown name, or a file that is damaged or has other tensors.
    """
    from mrn_core.weights import import_published, read_metadata

    path = import_published(args.name, args.file)
    metadata = read_metadata(path)
    digest = metadata["source_sha256"]
    verdict = "the published file" if metadata["published"] else "not the published file"
    print(f"{args.file}: {verdict}: SHA-256 {digest}")
    print(f"Installed as {path}. {metadata['licence']}.")
    return 0


def run_fan(args: argparse.Namespace) -> int:
    """Tells of the face backend's files, after fetching or taking them where that was asked for.

    Raises:
        WeightsError: a file cannot be fetched, or is not what it should be.
    """
    from mrn_core.faces import fan_files
    from mrn_core.faces.fan_backend import weights_folder

    folder = weights_folder()
    print(f"{fan_files.LICENCE}. Source: {fan_files.SOURCE}")
    for file in args.files or ():
        print(f"Kept as {fan_files.take(file, folder)}.")
    for name in fan_files.FILES:
        state = _fan_state(folder / name)
        if args.fetch and state != "installed":
            fan_files.fetch(name, folder, _tell_bytes)
            print(file=sys.stderr)
            state = "installed"
        print(f"{folder / name}: {state}")
    return 0


def _fan_state(path: Path) -> str:
    from mrn_core.faces.fan_files import check_file

    if not path.is_file():
        return "not installed: mrn weights fan --fetch"
    try:
        check_file(path)
    except WeightsError:
        return "damaged: mrn weights fan --fetch"
    return "installed"


def _tell_bytes(name: str, done: int, total: int) -> None:
    share = f" of {total / 1e6:.1f}" if total else ""
    print(f"\r{name}: {done / 1e6:.1f}{share} MB", end="", file=sys.stderr, flush=True)


def run_import_trunk(args: argparse.Namespace) -> int:
    """Imports one ResNet-18 checkpoint.

    Raises:
        WeightsError: the file is damaged or no ResNet-18, or the name or the numbers cannot be used.
    """
    from mrn_core.network.trunk import import_trunk

    given = {part: _numbers(part, text) for part in ("mean", "std") if (text := getattr(args, part))}
    path = import_trunk(args.file, args.name, told=args.told, **given)
    print(f"Installed as {path}. Use it with --set trunk={args.name}.")
    return 0


def _numbers(part: str, text: str) -> list[float]:
    try:
        return [float(number) for number in text.split(",")]
    except ValueError:
        raise SettingsError(
            f"--{part} cannot be {text!r}.", "Write one or three numbers: 0.485,0.456,0.406."
        ) from None


def listing() -> list[dict[str, Any]]:
    """Every known set of weights, as plain data with its state in words."""
    from mrn_core.weights import KNOWN, installed, weights_dir

    here = {entry.name: entry for entry in installed()}
    listed = []
    for known in KNOWN.values():
        entry = here.get(known.name)
        path = weights_dir() / known.file_name
        if entry is not None:
            origin = "" if entry.metadata.get("published") else " (not the published file)"
            state = f"installed: {path}{origin}"
        elif path.exists():
            state = f"damaged: {path}; mrn weights import {known.name} FILE"
        else:
            state = f"not installed: mrn weights import {known.name} FILE"
        listed.append(
            {
                "name": known.name,
                "installed": entry is not None,
                "state": state,
                "sha256": entry.sha256 if entry is not None else None,
                "published_file": bool(entry.metadata.get("published")) if entry is not None else None,
                "purpose": known.purpose,
                "source": known.source,
                "published_name": known.published_name,
                "licence": known.licence,
                "convention": known.convention,
            }
        )
    return listed
