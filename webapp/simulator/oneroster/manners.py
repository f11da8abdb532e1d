"""The habits of a roster server that differ from district to district: its pages, its records, what it shares."""

from dataclasses import dataclass

from webapp.simulator.switches import switch

COLLECTIONS = ("orgs", "academicSessions", "courses", "classes", "users", "enrollments", "demographics")


@dataclass(kw_only=True)
class PageManners:
    """How pages are cut, counted and asked for."""

    classlink_page_cap: int = switch(0, "No page is longer than this, whatever was asked for")
    oneroster_refuses_large_limits: bool = switch(
        False, "A limit above 10,000 (or above the cap) is refused, not clamped"
    )
    oneroster_heavy_page: int = switch(0, "A page of more records than this is too heavy: 502")
    oneroster_counts: str = switch(
        "", "The count headers are", choices=("absent", "without a total", "total one short", "count one short")
    )
    oneroster_revision: str = switch(
        "", "x-perm-rev is", choices=("absent", "new with every answer", "the same whatever changes")
    )
    oneroster_changes_after: int = switch(
        0, "After this many more answers a student leaves a class, in mid-pull, and x-perm-rev changes"
    )
    oneroster_empty_collection: str = switch("", "This collection is empty tonight", choices=COLLECTIONS)
    oneroster_filters_ignored: bool = switch(False, "Filters are ignored: everything is told")
    oneroster_unknown_parent: str = switch(
        "", "A nested read below an unknown record answers", choices=("200 with an empty list",)
    )
    oneroster_errors: str = switch(
        "", "An error's body is", choices=("statusInfoSet", "errors", "with status 200", "empty")
    )
    oneroster_restamps: bool = switch(
        False, "Every import (each change of the district or of this page) gives every row a new dateLastModified"
    )
    oneroster_blackout: bool = switch(False, "Blackout: what was told last stays as it was, whatever changes")


@dataclass(kw_only=True)
class RecordManners:
    """How records are written."""

    oneroster_flags: str = switch(
        "", "Flags are not the words true and false but", choices=("booleans", "numbers", "capitals")
    )
    oneroster_empties: str = switch(
        "", "Values and references that are empty are", choices=("left out", "null", "empty texts")
    )
    oneroster_role_words: str = switch(
        "",
        "Staff, and the second teachers of classes, have roles that 1.1 does not know",
        choices=("words of 1.2", "ext: values", "unknown words", "capitals"),
    )
    oneroster_roles: str = switch(
        "", "Users have the roles array of 1.2", choices=("beside role and orgs", "in place of role and orgs")
    )
    oneroster_lists_as_text: str = switch("", "Lists come as one text", choices=("periods", "grades", "both"))
    oneroster_teachers_among_students: bool = switch(False, "/classes/{id}/students names the teachers too")
    oneroster_current_classes_only: bool = switch(False, "/teachers/{id}/classes tells only classes that run today")
    oneroster_all_primary: bool = switch(False, "Every teacher of a class is its primary one")
    oneroster_masks: bool = switch(False, "DataGuard: names, e-mails, identifiers and titles are masked")
    oneroster_hides_fields: str = switch("", "These fields of any record are not shared (comma list)")


@dataclass(kw_only=True)
class SharingRules:
    """Which records the district lets the vendor see, and how it tells of those that are gone."""

    oneroster_hides_students_of: str = switch("", "The students of this class are not shared (sourcedId)")
    oneroster_hides_teacher: str = switch("", "This teacher is not shared (sourcedId)")
    oneroster_hides_school: str = switch("", "This school, its classes and its people are not shared (sourcedId)")
    oneroster_hides_unenrolled: bool = switch(
        False, "Unenrolled users are not shared: only people of shared classes are"
    )
    oneroster_hides_demographics: bool = switch(False, "Demographics are not shared")
    oneroster_dangling: bool = switch(False, "Enrollments still name people and classes that are not shared")
    oneroster_deletes_as: str = switch(
        "", "Records that are gone, once told, are", choices=("absent", "tobedeleted", "enabledUser false")
    )


@dataclass(kw_only=True)
class Manners(PageManners, RecordManners, SharingRules):
    """All habits of one district's roster server."""
