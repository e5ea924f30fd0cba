"""Which tool exported a table, told by its headers; and the columns that tools add to every form.

`METADATA` names these columns once, for all stages: what they mean, which type they have, what kind of thing they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from volresearch.datasets.codebook import Variable
from volresearch.text import in_all_languages, mark

__all__ = [
    "METADATA",
    "Metadata",
    "Tool",
    "metadata_of",
    "metadata_variable",
    "position_of",
    "recognized",
    "unmangled",
]


@dataclass(frozen=True)
class Metadata:
    """A column that a tool adds.

    Attributes
    ----------
    kind : str
        ``time`` (a moment), ``day``, ``device``, ``user``, ``phone``, ``email``, ``position``, ``audit``, ``key`` (a
        universally unique identifier of the answer), ``number`` (of the row or answer), ``form`` (which form, which
        version), ``status``, ``file`` (attachments), ``note``, ``address`` (of a computer), ``token``, ``structure``
        (numbers that link tables).
    label : str
        In English.
    type : str
        Of the variable; empty where only the content tells (times are written in many ways).
    """

    kind: str
    label: str
    type: str = "text"


def _all(kind: str, label: str, names: str, type: str = "text") -> dict[str, Metadata]:
    return dict.fromkeys(names.split(), Metadata(kind, label, type))


#: Name of a column (without groups) -> what it is. Only for tables of a tool that is recognized; see `metadata_of`.
METADATA: Mapping[str, Metadata] = {
    **_all("time", mark("Start of the interview"), "start starttime start_time", ""),
    **_all("time", mark("End of the interview"), "end endtime end_time", ""),
    **_all("day", mark("Day of the interview"), "today", ""),
    **_all(
        "time",
        mark("Time of submission"),
        "_submission_time SubmissionDate submissionDate submitdate submitted_at",
        "",
    ),
    **_all("time", mark("Time of the last change"), "_last_edited _date_modified updatedAt datestamp", ""),
    **_all("time", mark("Time when the survey was opened"), "startdate", ""),
    **_all(
        "device",
        mark("Device"),
        "deviceid device_id DeviceID deviceId imei subscriberid subscriber_id simserial sim_serial simid",
    ),
    **_all("phone", mark("Phone number"), "phonenumber phone_number devicephonenum"),
    **_all("user", mark("User of the device"), "username user_name"),
    **_all(
        "user",
        mark("Account that submitted"),
        "_submitted_by SubmitterName submitterName SubmitterID submitterId",
    ),
    **_all("email", mark("Email"), "email"),
    **_all("audit", mark("Audit trail"), "audit"),
    **_all(
        "key",
        mark("Key of the answer"),
        "_uuid instanceID KEY __id _submission__uuid rootUuid _root_uuid deprecatedID",
    ),
    **_all("key", mark("Key of the answer above"), "PARENT_KEY __Submissions-id"),
    **_all("number", mark("Number of the answer"), "_id _submission__id"),
    **_all("form", mark("Form"), "_xform_id_string uuid formUID xform_id_string formID formId _xform_id"),
    **_all(
        "form", mark("Version of the form"), "__version__ _version_ versionID FormVersion formVersion", "code"
    ),
    **_all("note", mark("Name of the answer"), "instanceName"),
    **_all(
        "status",
        mark("Validation status"),
        "_validation_status _submission__validation_status ReviewState reviewState",
        "code",
    ),
    **_all("status", mark("Status"), "_status _submission__status Status", "code"),
    **_all("note", mark("Notes of the team"), "_notes _submission__notes"),
    **_all("note", mark("Tags"), "_tags _submission__tags"),
    **_all("user", mark("Account that submitted"), "_submission__submitted_by"),
    **_all("time", mark("Time of submission"), "_submission__submission_time", ""),
    **_all("form", mark("Version of the form"), "_submission____version__ _submission___version__", "code"),
    **_all("position", mark("Position"), "_geolocation"),
    **_all("file", mark("Attached files"), "_attachments"),
    **_all(
        "number",
        mark("Attached files"),
        "_media_count _total_media AttachmentsPresent attachmentsPresent",
        "integer",
    ),
    **_all("number", mark("Expected files"), "AttachmentsExpected attachmentsExpected", "integer"),
    **_all("number", mark("Number of changes"), "Edits edits", "integer"),
    **_all("status", mark("Whether all files have arrived"), "_media_all_received", "code"),
    **_all("number", mark("Time from start to end"), "_duration", "number"),
    **_all("structure", mark("Row number"), "_index"),
    **_all("structure", mark("Row number in the table above"), "_parent_index"),
    **_all("structure", mark("Table above"), "_parent_table_name"),
}
_REDCAP: Mapping[str, Metadata] = {
    **_all("form", mark("Event"), "redcap_event_name", "code"),
    **_all("form", mark("Repeated form"), "redcap_repeat_instrument", "code"),
    **_all("number", mark("Number in the repetition"), "redcap_repeat_instance", "integer"),
    **_all("form", mark("Access group"), "redcap_data_access_group", "code"),
    **_all("key", mark("Key of the participant"), "redcap_survey_identifier"),
}
_LIMESURVEY: Mapping[str, Metadata] = {
    **_all("number", mark("Number of the answer"), "id"),
    **_all("number", mark("Last page seen"), "lastpage", "integer"),
    **_all("form", mark("Language of the interview"), "startlanguage", "code"),
    **_all("number", mark("Random seed"), "seed"),
    **_all("token", mark("Access code"), "token"),
    **_all("address", mark("Internet address"), "ipaddr"),
    **_all("note", mark("Page that linked here"), "refurl"),
    **_all("number", mark("Length of the interview in seconds"), "interviewtime", "number"),
}
_POSITIONS = {
    "latitude": mark("Latitude"),
    "longitude": mark("Longitude"),
    "altitude": mark("Altitude in metres"),
    "precision": mark("Precision in metres"),
}
_POSITION = re.compile(rf"_?(?P<of>.+)_(?P<part>{'|'.join(_POSITIONS)})\Z")

#: Names that only Kobo, Ona or ODK write.
_KOBO = frozenset({
    "_uuid", "_submission_time", "_submission__id", "_submission__uuid", "_xform_id_string", "_validation_status",
    "_parent_table_name", "_parent_index", "_submitted_by", "__version__", "_attachments", "_geolocation",
    "_bamboo_dataset_id",
})  # fmt: skip
_INSTANCE = re.compile(r"(?:\A|[/.\-_])meta[/.\-]instanceID\Z|\Aformhub[/.\-]uuid\Z")
_ODK = ({"SubmissionDate", "KEY"}, {"PARENT_KEY", "KEY"}, {"__id", "__system/submissionDate"})
_LIME = frozenset({"submitdate", "lastpage", "startlanguage"})
#: ... and with the words of questions as headings.
_LIME_WORDS = frozenset({"Date submitted", "Last page", "Start language"})
#: A byte order mark that R took for a part of the first name.
_BOM = re.compile(r"\A(?:X\.U\.FEFF\.|ï\.\.|X\.\.U\.FEFF\.)")
_X_METADATA = re.compile(
    r"\AX_(?:uuid|id|index|submission_|submission__|validation_status|parent_|notes|tags|status|submitted_by|_version__|version_|xform)"
)


@dataclass(frozen=True)
class Tool:
    """What exported a table.

    ``name`` as `Found.tool`; ``kobo`` says that its headers are paths of a form, also where R wrote the file; ``r`` that
    R wrote it, whatever tool it came from.
    """

    name: str = ""
    kobo: bool = False
    r: bool = False


def recognized(headers: Iterable[str], labels: Iterable[str] = ()) -> Tool:
    """Return the tool that wrote these headers.

    Parameters
    ----------
    headers : iterable of str
    labels : iterable of str, optional
        Labels of the variables of a statistics file: Kobo writes the headers there.

    >>> recognized(["name", "meta/instanceID"]), recognized(["record_id", "a___1", "form_complete"]).name
    (Tool(name='kobo', kobo=True, r=False), 'redcap')
    >>> recognized(["X_uuid", "X7states"]).name, recognized(["name", "age"]).name
    ('r', '')
    """
    names = list(headers)
    plain = unmangled(names)
    if plain != names and any(_X_METADATA.match(name) or _BOM.match(name) for name in names):
        return Tool("r", _is_kobo(list(plain)), True)
    if _is_kobo(names) or _is_kobo(list(labels)):
        return Tool("kobo", True)
    if _is_redcap(names):
        return Tool("redcap")
    short = {re.split(r"\. ", name)[0] for name in names}
    return Tool("limesurvey") if len(_LIME & short) >= 2 or short >= _LIME_WORDS else Tool()


def _is_kobo(names: Collection[str]) -> bool:
    found = set(names)
    if any(one <= found for one in _ODK) or any(_INSTANCE.search(name) for name in names):
        return True
    own = found & _KOBO
    return len(own) >= 2 or bool(
        own & {"_submission_time", "_xform_id_string", "_submission__id", "_submission__uuid"}
    )


def _is_redcap(names: Collection[str]) -> bool:
    if any(name.startswith(("redcap_event_name", "redcap_repeat_", "redcap_survey_")) for name in names):
        return True
    complete = any(name.endswith("_complete") for name in names)
    return complete and (any("___" in name for name in names) or "record_id" in names)


def unmangled(headers: Iterable[str]) -> list[str]:
    """Return headers as they were before R made names of them.

    R puts an ``X`` before a digit or ``_`` and takes a byte order mark for a part of the first name. Undone only where
    a column of Kobo shows that R did it: names such as ``X1`` are common otherwise.

    >>> unmangled(["X.U.FEFF.start", "X_uuid", "X7states", "Xenia"])
    ['start', '_uuid', '7states', 'Xenia']
    >>> unmangled(["X1", "X2"])
    ['X1', 'X2']
    """
    names = list(headers)
    if not any(_X_METADATA.match(name) or _BOM.match(name) for name in names):
        return names
    out = [re.sub(r"\AX(?=[_\d])", "", _BOM.sub("", name)) for name in names]
    # Two that would become one stay as they are.
    return [new if out.count(new) == 1 else old for old, new in zip(names, out, strict=True)]


def metadata_of(name: str, tool: Tool) -> Metadata | None:
    """Return what a column is that the tool added, None for a question.

    Parameters
    ----------
    name : str
        Header, with or without groups.
    tool : Tool
        Of the table: a plain table may have an ``id`` and a ``start`` of its own.

    >>> metadata_of("meta/instanceID", Tool("kobo", True)).kind, metadata_of("start", Tool())
    ('key', None)
    """
    if tool.name == "redcap":
        return _REDCAP.get(name)
    if tool.name == "limesurvey":
        return _LIMESURVEY.get(name) or METADATA.get(
            name if name in {"startdate", "submitdate", "datestamp"} else ""
        )
    if not tool.kobo:
        return None
    found = METADATA.get(name)
    tail = re.split(r"[/.\-]", name)[-1]
    group = name[: -len(tail) - 1]
    if found is None and group in {"meta", "formhub", "__system", "meta/audit", "data/meta"}:
        found = METADATA.get(tail)
    return found


def metadata_variable(name: str, found: Metadata, source: str = "") -> Variable:
    """Return the variable of a metadata column, labelled in the languages of the interface.

    Its type counts only where ``found.type`` says one; else the column goes into `RawTable.guess`.
    """
    label = in_all_languages(found.label)
    return Variable(name=name, type=found.type or "text", label=label, source=source)  # type: ignore[arg-type]


def position_of(name: str, headers: Collection[str]) -> tuple[str, str] | None:
    """Return the question that a column of coordinates belongs to, and its label, None for any other column.

    >>> position_of("_gps_latitude", ["gps", "_gps_latitude"])
    ('gps', 'Latitude')
    """
    tail = re.split(r"[/.]", name)[-1]
    found = _POSITION.match(tail)
    if found is None:
        return None
    question = name[: -len(tail)] + found["of"]
    return (question, _POSITIONS[found["part"]]) if question in headers else None
