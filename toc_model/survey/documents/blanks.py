"""What a template leaves for a person to state: a document with such blanks is not read."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo

from toc_model.documents import Document
from toc_model.errors import InputError

SHOWN = 12


def fail_if_blank(schema: type[Document], table: Mapping[str, Any], path: Path) -> None:
    """Fail if entries that a schema needs were left as a template writes them.

    Parameters
    ----------
    schema : type of Document
    table : mapping of str to object
        What the document holds, unchecked.
    path : Path
        For the message.

    Raises
    ------
    InputError
        All that is left to be stated.
    """
    found = list(blanks_in(schema, table))
    if found:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise InputError(
            f"{path}: found blanks, which only you can fill in: {', '.join(found[:SHOWN])}{more}; allowed: texts, and "
            "numbers above 0"
        )


def blanks_in(schema: type[Document], table: Mapping[str, Any]) -> Iterator[str]:
    """Entries that a schema needs and that are blank, also those of documents inside, as ``questions.NAME.wording``."""
    for name, field in schema.model_fields.items():
        value = table.get(name)
        inner = next((part for part in get_args(field.annotation) if _is_schema(part)), None)
        if inner and isinstance(value, dict):
            parts = ((key, part) for key, part in value.items() if isinstance(part, dict))
            yield from (f"{name}.{key}.{blank}" for key, part in parts for blank in blanks_in(inner, part))
        elif field.is_required() and (value == "" or (value == 0 and _must_be_above_0(field))):
            yield name


def _must_be_above_0(field: FieldInfo) -> bool:
    return any(getattr(mark, "gt", None) == 0 for mark in field.metadata)


def _is_schema(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, Document)
