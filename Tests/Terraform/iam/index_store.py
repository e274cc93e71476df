"""What the compiler noted while it compiled: the index store of a debug build, read through libIndexStore.

A debug build writes for every source file which symbols it defines and refers to, where, and inside what. This is the
compiler's own knowledge of the code: overloads are told apart, witnesses of protocols are named, and what stands in
closures, default arguments and initial values is there like everything else.
"""

import ctypes
import os
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# indexstore_symbol_role_t
DEFINITION = 1 << 1
REFERENCE = 1 << 2
CALL = 1 << 5
CHILD_OF = 1 << 9
BASE_OF = 1 << 10
OVERRIDE_OF = 1 << 11
CALLED_BY = 1 << 13
EXTENDED_BY = 1 << 14
ACCESSOR_OF = 1 << 15
CONTAINED_BY = 1 << 16

# indexstore_symbol_kind_t, as far as the call graph tells kinds apart.
MODULE, ENUMERATION, PROTOCOL, INSTANCE_METHOD, INSTANCE_PROPERTY, DESTRUCTOR, PARAMETER = 1, 5, 8, 16, 19, 23, 25
TYPES = {ENUMERATION, 6, 7}  # and struct, class
CONSTRUCTORS = {15, 22}  # enum case, initialiser
PROPERTIES = {13, INSTANCE_PROPERTY, 20, 21}  # variable, property of instances, of a class, and static
STATIC_PROPERTY = 21
OF_INSTANCES = {INSTANCE_METHOD, INSTANCE_PROPERTY}

_RECORD = 2  # indexstore_unit_dependency_kind_t


class IndexStoreError(Exception):
    """The index cannot be read, or does not fit the sources."""


@dataclass(frozen=True)
class Symbol:
    """A symbol: its unified symbol resolution (USR), which names it in all files, its name, and its kind."""

    usr: str
    name: str
    kind: int


@dataclass(frozen=True)
class Occurrence:
    """One place where a symbol stands."""

    symbol: Symbol
    roles: int
    line: int
    column: int
    # Each: the roles of the relation, and the symbol that this one is related to.
    relations: tuple[tuple[int, Symbol], ...]


@dataclass(frozen=True)
class Unit:
    """What was noted of one source file."""

    path: str
    module: str
    occurrences: tuple[Occurrence, ...]


class _Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    def __str__(self) -> str:
        return ctypes.string_at(self.data, self.length).decode() if self.length else ""


_POINTER = ctypes.c_void_p
_EACH = ctypes.CFUNCTYPE(ctypes.c_bool, _POINTER, _POINTER)
_EACH_NAME = ctypes.CFUNCTYPE(ctypes.c_bool, _POINTER, _Text)


@cache
def _library():
    compiler = shutil.which("swiftc")
    if compiler is None:
        raise IndexStoreError("there is no swiftc on the PATH: libIndexStore.so lies beside it")
    folder = Path(compiler).resolve().parent.parent / "lib"
    try:
        library = ctypes.CDLL(str(folder / "libIndexStore.so"))
    except OSError as error:
        raise IndexStoreError(f"{folder}/libIndexStore.so cannot be loaded: {error}") from None
    error = ctypes.POINTER(_POINTER)
    number, position = ctypes.c_uint64, ctypes.POINTER(ctypes.c_uint)
    functions = {
        "store_create": (_POINTER, ctypes.c_char_p, error),
        "store_dispose": (None, _POINTER),
        "store_units_apply_f": (ctypes.c_bool, _POINTER, ctypes.c_uint, _POINTER, _EACH_NAME),
        "unit_reader_create": (_POINTER, _POINTER, ctypes.c_char_p, error),
        "unit_reader_dispose": (None, _POINTER),
        "unit_reader_get_main_file": (_Text, _POINTER),
        "unit_reader_get_module_name": (_Text, _POINTER),
        "unit_reader_get_modification_time": (None, _POINTER, ctypes.POINTER(ctypes.c_int64),
                                              ctypes.POINTER(ctypes.c_int64)),
        "unit_reader_dependencies_apply_f": (ctypes.c_bool, _POINTER, _POINTER, _EACH),
        "unit_dependency_get_kind": (ctypes.c_int, _POINTER),
        "unit_dependency_get_name": (_Text, _POINTER),
        "unit_dependency_get_filepath": (_Text, _POINTER),
        "record_reader_create": (_POINTER, _POINTER, ctypes.c_char_p, error),
        "record_reader_dispose": (None, _POINTER),
        "record_reader_occurrences_apply_f": (ctypes.c_bool, _POINTER, _POINTER, _EACH),
        "occurrence_get_symbol": (_POINTER, _POINTER),
        "occurrence_get_roles": (number, _POINTER),
        "occurrence_get_line_col": (None, _POINTER, position, position),
        "occurrence_relations_apply_f": (ctypes.c_bool, _POINTER, _POINTER, _EACH),
        "symbol_relation_get_roles": (number, _POINTER),
        "symbol_relation_get_symbol": (_POINTER, _POINTER),
        "symbol_get_name": (_Text, _POINTER),
        "symbol_get_usr": (_Text, _POINTER),
        "symbol_get_kind": (ctypes.c_int, _POINTER),
    }
    for name, (result, *arguments) in functions.items():
        function = getattr(library, f"indexstore_{name}")
        function.restype, function.argtypes = result, arguments
    return library


class IndexStore:
    """An index store."""

    def __init__(self, path: Path):
        self._library = _library()
        self._store = self._library.indexstore_store_create(str(path).encode(), None)
        if not self._store:
            raise IndexStoreError(f"{path} is no index store: run swift build")

    def close(self) -> None:
        self._library.indexstore_store_dispose(self._store)

    def units(self, folders: list[Path]) -> list[Unit]:
        """The units of the source files of some folders, sorted by path. What was noted of files that are gone, and of
        earlier contents, does not count.

        Raises IndexStoreError if a source file of the folders has no unit, or an older one than the file."""
        newest: dict[str, tuple[int, str]] = {}
        names: list[str] = []
        self._each_name(names)
        roots = [str(folder.resolve()) + "/" for folder in folders]
        for name in names:
            with self._unit(name) as unit:
                path = str(self._library.indexstore_unit_reader_get_main_file(unit))
                if not any(path.startswith(root) for root in roots) or not os.path.exists(path):
                    continue
                written = self._written(unit)
                if path not in newest or newest[path][0] < written:
                    newest[path] = (written, name)
        for root in roots:
            for source in sorted(Path(root).rglob("*.swift")):
                found = newest.get(str(source))
                if found is None or found[0] < source.stat().st_mtime_ns // 1_000_000_000:
                    state = "is not in" if found is None else "is newer than"
                    raise IndexStoreError(f"{source} {state} the index: run swift build")
        return [self._read(path, name) for path, (_, name) in sorted(newest.items())]

    # Private

    def _each_name(self, names: list[str]) -> None:
        each = _EACH_NAME(lambda _, name: (names.append(str(name)), True)[1])
        self._library.indexstore_store_units_apply_f(self._store, 0, None, each)

    def _unit(self, name: str):
        return _Reader(self._library, "unit_reader", self._store, name)

    def _written(self, unit) -> int:
        """When a unit was written, in seconds since the epoch."""
        seconds, nanoseconds = ctypes.c_int64(), ctypes.c_int64()
        self._library.indexstore_unit_reader_get_modification_time(unit, seconds, nanoseconds)
        return seconds.value

    def _read(self, path: str, name: str) -> Unit:
        library = self._library
        records: list[str] = []

        def dependency(_, dependency):
            if library.indexstore_unit_dependency_get_kind(dependency) == _RECORD:
                if str(library.indexstore_unit_dependency_get_filepath(dependency)) == path:
                    records.append(str(library.indexstore_unit_dependency_get_name(dependency)))
            return True

        with self._unit(name) as unit:
            library.indexstore_unit_reader_dependencies_apply_f(unit, None, _EACH(dependency))
            module = str(library.indexstore_unit_reader_get_module_name(unit))
        occurrences: list[Occurrence] = []
        for record in records:
            self._read_record(record, occurrences)
        return Unit(path, module, tuple(occurrences))

    def _read_record(self, name: str, occurrences: list[Occurrence]) -> None:
        library = self._library
        symbols: dict[int, Symbol] = {}

        def symbol(pointer) -> Symbol:
            known = symbols.get(pointer)
            if known is None:
                known = symbols[pointer] = Symbol(
                    str(library.indexstore_symbol_get_usr(pointer)), str(library.indexstore_symbol_get_name(pointer)),
                    library.indexstore_symbol_get_kind(pointer))
            return known

        relations: list[tuple[int, Symbol]] = []

        def relation(_, relation):
            relations.append((
                library.indexstore_symbol_relation_get_roles(relation),
                symbol(library.indexstore_symbol_relation_get_symbol(relation))))
            return True

        each_relation = _EACH(relation)
        line, column = ctypes.c_uint(), ctypes.c_uint()

        def occurrence(_, occurrence):
            relations.clear()
            library.indexstore_occurrence_relations_apply_f(occurrence, None, each_relation)
            library.indexstore_occurrence_get_line_col(occurrence, line, column)
            occurrences.append(Occurrence(
                symbol(library.indexstore_occurrence_get_symbol(occurrence)),
                library.indexstore_occurrence_get_roles(occurrence), line.value, column.value, tuple(relations)))
            return True

        with _Reader(library, "record_reader", self._store, name) as record:
            library.indexstore_record_reader_occurrences_apply_f(record, None, _EACH(occurrence))


class _Reader:
    """A reader of the library's, disposed of at the end of a block."""

    def __init__(self, library, kind: str, store, name: str):
        self._dispose = getattr(library, f"indexstore_{kind}_dispose")
        self._reader = getattr(library, f"indexstore_{kind}_create")(store, name.encode(), None)
        if not self._reader:
            raise IndexStoreError(f"the index lacks {name}: run swift build")

    def __enter__(self):
        return self._reader

    def __exit__(self, *_):
        self._dispose(self._reader)
