"""The fields of OneRoster 1.1's objects: what a filter, a sort or a selection may name."""

RECORD = frozenset({"sourcedId", "status", "dateLastModified", "metadata"})
RACES = (
    "americanIndianOrAlaskaNative asian blackOrAfricanAmerican nativeHawaiianOrOtherPacificIslander white "
    "demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity"
)
OWN = {
    "orgs": "name type identifier parent children",
    "academicSessions": "title startDate endDate type parent children schoolYear",
    "courses": "title schoolYear courseCode grades subjects org subjectCodes resources",
    "classes": "title classCode classType location grades subjects course school terms subjectCodes periods resources",
    "users": "username userIds enabledUser givenName familyName middleName role identifier email sms phone agents orgs "
    "grades password roles",
    "enrollments": "user class school role primary beginDate endDate",
    "demographics": f"birthDate sex {RACES} countryOfBirthCode stateOfBirthAbbreviation cityOfBirth "
    "publicSchoolResidenceStatus",
}
FIELDS = {name: RECORD | frozenset(own.split()) for name, own in OWN.items()}
"""Collection -> the names of its objects' fields."""
