"""The words that made-up districts are made of."""

DISTRICTS = (
    "Alder Creek", "Bramble Hollow", "Cinder Lake", "Dovetail Valley", "Elmshadow", "Foxglove Plains", "Gullhaven",
    "Heron Ridge", "Inkwell Bay", "Juniper Flats", "Kestrel Hills", "Larkmoor", "Mistral Point", "Nettle Brook",
)  # fmt: skip

SCHOOLS = (
    "Windmill", "Copper Kettle", "Starling", "Blue Heron", "Paper Birch", "Lantern Hill", "Old Orchard", "Riverbend",
    "Skylark", "Thistledown",
)  # fmt: skip

STREETS = ("Nightjar Street", "Quarry Lane", "Saffron Road", "Teasel Court", "Umber Way", "Violet Terrace")

GIVEN = (
    "Aaliyah", "Abel", "Adaeze", "Ailín", "Aino", "Alejandra", "Amadou", "Amélie", "Ananya", "Anouk", "Ásta", "Ayşe",
    "Beatriz", "Björn", "Bronwen", "Camila", "Chidi", "Chloë", "Cillian", "D'Andre", "Dalia", "Daniel", "Diyar",
    "Ebba", "Eitan", "Élodie", "Emeka", "Esperanza", "Farah", "Fiadh", "Finn", "Gabriela", "Giang", "Grace", "Hala",
    "Hana", "Håkon", "Hiroto", "Imani", "Inés", "Isak", "Ixchel", "Jabari", "Jae-Won", "Jóhanna", "Jolene", "José",
    "Kaia", "Kalani", "Kwame", "Laila", "Léa", "Leilani", "Linh", "Łucja", "Luz", "Maeve", "Malik", "Marisol", "Mateo",
    "Mei", "Milo", "Naoki", "Nasrin", "Niamh", "Noé", "Nour", "Oisín", "Olena", "Omar", "Paloma", "Pilar", "Priya",
    "Quinn", "Rania", "Ravi", "Renée", "Rosa", "Rui", "Sadia", "Saoirse", "Selin", "Siobhán", "Søren", "Tadeo",
    "Tama", "Thandiwe", "Tomás", "Tuyết", "Uma", "Valentín", "Wanjiru", "Wren", "Xóchitl", "Yara", "Yusuf", "Zahra",
    "Zoë", "Zofia", "Zuri",
)  # fmt: skip

FAMILY = (
    "Abara", "Achterberg", "Adeyemi-Clarke", "Álvarez", "Amsel", "Anholt", "Arroyo", "Aydın", "Baptiste", "Barrow",
    "Bélanger", "Bhattarai", "Blackfeather", "Błaszczyk", "Brightwater", "Castañeda", "Çelik", "Chukwu", "Côté",
    "D'Amico", "Dankworth", "De la Cruz", "Delacroix", "Đặng", "Dragomir", "Duarte", "Eastwick", "Egede", "Eriksen",
    "Fairweather", "Farouk", "Fernández", "Fitzgarrow", "Gallardo", "Ganbold", "García Luna", "Goldfinch", "Grünwald",
    "Haddad", "Halloran", "Hashimoto", "Hedlund", "Hussaini", "Ibáñez", "Ishikawa", "Jansdóttir", "Jaramillo", "Kahale",
    "Kaplanoğlu", "Kaur", "Kealoha", "Kimathi", "Kowalczyk", "Kruse", "Lachapelle", "Lê", "Lindqvist", "Longfellow",
    "Mac Giolla", "Mbeki-Stone", "McAllister", "Mehrotra", "Mendonça", "Montoya", "Müller", "Nakai", "Ndiaye",
    "Nguyễn", "Nightingale", "Nuñez", "O'Brannigan", "O'Keeffe", "Okonkwo", "Østby", "Oyelaran", "Papadakis",
    "Pellegrino", "Peñalosa", "Petrov", "Quispe", "Rademaker", "Rahmani", "Ramírez", "Redcloud", "Rosenblatt",
    "Saarinen", "Sandoval", "Santhanam", "Schäfer", "Sepúlveda", "Sinclair", "St. John", "Strand", "Szabó", "Takahashi",
    "Tanaka", "Tavares", "Thornbury", "Tso", "Turay", "Underhill", "Vaillancourt", "Van der Meer", "Vásquez",
    "Villaseñor", "Walkingstick", "Wexford", "Whitlock", "Xiong", "Yamamoto", "Yılmaz", "Zapata", "Zielińska",
)  # fmt: skip

LEVELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("High School", ("09", "10", "11", "12")),
    ("Middle School", ("06", "07", "08")),
    ("Elementary School", ("KG", "01", "02", "03", "04")),
)

COURSES: dict[str, tuple[tuple[str, str], ...]] = {
    "High School": (
        ("Biology", "science"), ("Algebra I", "math"), ("World History", "social studies"),
        ("English 9", "english/language arts"), ("Spanish II", "language"), ("Chemistry", "science"),
        ("Geometry", "math"), ("Ceramics", "arts and music"), ("Computer Science", "technology and engineering"),
        ("Advisory", "homeroom/advisory"), ("Physics", "science"), ("Calculus", "math"),
    ),
    "Middle School": (
        ("Earth Science", "science"), ("Pre-Algebra", "math"), ("Civics", "social studies"),
        ("Language Arts", "english/language arts"), ("French I", "language"), ("Choir", "arts and music"),
        ("Robotics", "technology and engineering"), ("Physical Education", "PE and health"),
        ("Homeroom", "homeroom/advisory"), ("Life Science", "science"),
    ),
    "Elementary School": (
        ("Reading", "english/language arts"), ("Mathematics", "math"), ("Nature Study", "science"),
        ("Neighbourhoods", "social studies"), ("Art", "arts and music"), ("Music", "arts and music"),
        ("Movement", "PE and health"), ("Morning Circle", "homeroom/advisory"),
    ),
}  # fmt: skip

GENDERS = ("M", "F")
RACES = (
    "Caucasian", "Asian", "Black or African American", "American Indian", "Hawaiian or Other Pacific Islander",
    "Two or More Races", "Unknown",
)  # fmt: skip
LANGUAGES = (("English", "eng"), ("Spanish", "spa"), ("Vietnamese", "vie"), ("Arabic", "ara"), ("Hmong", "hmn"))
