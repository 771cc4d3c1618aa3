//! Values that say what is nobody else's business, whatever their column is called: codes of diagnoses and medicines,
//! illnesses, faiths, parties and sexual orientations in words. And values that say that something is not known.
//!
//! One value proves little, for `A10` may be a diagnosis, a motorway or a shelf. What counts is whether the distinct values
//! of a column are of one such kind.

/// Distinct values that are looked at.
const MOST: usize = 5_000;

/// What the values of a column are about.
#[derive(Default)]
struct Tally {
    values: usize,
    /// Codes of the ICD-10 with a dot, and without one.
    dotted: usize,
    plain: usize,
    /// One bit for each letter that codes without a dot begin with.
    chapters: u32,
    medicines: usize,
    illnesses: usize,
    faiths: usize,
    parties: usize,
    orientations: usize,
}

/// Whether the distinct values of a column are of a kind that is nobody else's business.
pub fn is_private<T: AsRef<str>>(values: impl Iterator<Item = T>) -> bool {
    let mut tally = Tally::default();
    for value in values.take(MOST) {
        let value = value.as_ref().trim();
        if !value.is_empty() && !is_unknown(value) {
            tally.add(value);
        }
    }
    tally.is_private()
}

impl Tally {
    fn add(&mut self, value: &str) {
        self.values += 1;
        let code = value
            .split(|c: char| c.is_whitespace() || ";,|/".contains(c))
            .next()
            .unwrap_or_default();
        match icd(code) {
            Some(true) => self.dotted += 1,
            Some(false) if code == value => {
                self.plain += 1;
                self.chapters |= 1 << (code.as_bytes()[0].to_ascii_uppercase() - b'A');
            }
            _ => {}
        }
        self.medicines += usize::from(is_atc(code));
        let folded = folded(value);
        self.faiths += usize::from(FAITHS.contains(&folded.as_str()));
        self.parties += usize::from(PARTIES.contains(&folded.as_str()));
        self.orientations += usize::from(ORIENTATIONS.contains(&folded.as_str()));
        let words = || folded.split(|c: char| !c.is_alphanumeric());
        let names_illness = |word: &str| {
            ILLNESSES.contains(&word)
                || ENDINGS
                    .iter()
                    .any(|ending| word.len() > ending.len() + 2 && word.ends_with(ending))
        };
        // A sentence that mentions an illness is free text, which is looked at elsewhere.
        let is_term = words().filter(|word| !word.is_empty()).count() <= 6;
        self.illnesses += usize::from(is_term && words().any(names_illness));
    }

    fn is_private(&self) -> bool {
        let of = |count: usize, share: usize| count >= 2 && count * 100 >= self.values * share;
        of(self.dotted, 80)
            || self.dotted >= 5 && of(self.dotted, 50)
            || self.plain >= 10 && self.chapters.count_ones() >= 6 && of(self.plain, 95)
            || of(self.medicines, 80)
            || of(self.illnesses, 50)
            || of(self.faiths, 50)
            || of(self.parties, 50)
            || of(self.orientations, 50)
    }
}

/// Whether a text has the form of a code of the ICD-10 and lies in one of its blocks; whether it has a dot then.
fn icd(code: &str) -> Option<bool> {
    let bytes = code.as_bytes();
    let (letter, rest) = bytes.split_first()?;
    let letter = letter.to_ascii_uppercase();
    let (number, rest) = rest.split_at_checked(2)?;
    if !letter.is_ascii_uppercase() || !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = (number[0] - b'0') * 10 + number[1] - b'0';
    let mut blocks = BLOCKS.iter();
    blocks.find(|(chapter, from, to)| *chapter == letter && (*from..=*to).contains(&number))?;
    match rest {
        [] => Some(false),
        // `G` and `V` mark a diagnosis as certain or suspected in German records.
        [b'.', digits @ ..] => {
            let is_detail = (1..=4).contains(&digits.len())
                && digits[0].is_ascii_digit()
                && digits.iter().all(u8::is_ascii_alphanumeric);
            is_detail.then_some(true)
        }
        _ => None,
    }
}

/// Whether a text has the form of a code of the Anatomical Therapeutic Chemical classification, fifth level: `N05AX08`.
fn is_atc(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 7
        && b"ABCDGHJLMNPRSV".contains(&bytes[0])
        && bytes[1..3].iter().all(u8::is_ascii_digit)
        && bytes[3..5].iter().all(u8::is_ascii_uppercase)
        && bytes[5..].iter().all(u8::is_ascii_digit)
}

/// Whether a value names something that says a lot of whoever was there or bought it: a clinic, a place of worship, an
/// advice centre.
pub fn is_telling(value: &str) -> bool {
    let folded = folded(value);
    let mut words = folded.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        PLACES.contains(&word)
            || ILLNESSES.contains(&word)
            || STEMS.iter().any(|stem| word.contains(stem))
    })
}

/// Whether a value says that the true one is not known.
pub fn is_unknown(value: &str) -> bool {
    let folded = folded(value.trim());
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    bare.is_empty() || UNKNOWN.contains(&bare)
}

/// In small letters, without accents, German umlauts as two letters.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' => folded.push('a'),
            'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' => folded.push('o'),
            'ù' | 'ú' | 'û' => folded.push('u'),
            'ç' => folded.push('c'),
            'ñ' => folded.push('n'),
            'œ' => folded.push_str("oe"),
            other => folded.push(other),
        }
    }
    folded
}

/// The blocks of the ICD-10 (WHO, 2019), those that follow each other without a gap as one.
const BLOCKS: &[(u8, u8, u8)] = &[
    (b'A', 0, 9),
    (b'A', 15, 99),
    (b'B', 0, 9),
    (b'B', 15, 99),
    (b'C', 0, 97),
    (b'D', 0, 89),
    (b'E', 0, 7),
    (b'E', 10, 16),
    (b'E', 20, 35),
    (b'E', 40, 46),
    (b'E', 50, 90),
    (b'F', 0, 99),
    (b'G', 0, 14),
    (b'G', 20, 26),
    (b'G', 30, 37),
    (b'G', 40, 47),
    (b'G', 50, 73),
    (b'G', 80, 83),
    (b'G', 90, 99),
    (b'H', 0, 6),
    (b'H', 10, 22),
    (b'H', 25, 28),
    (b'H', 30, 36),
    (b'H', 40, 62),
    (b'H', 65, 75),
    (b'H', 80, 83),
    (b'H', 90, 95),
    (b'I', 0, 2),
    (b'I', 5, 15),
    (b'I', 20, 52),
    (b'I', 60, 89),
    (b'I', 95, 99),
    (b'J', 0, 22),
    (b'J', 30, 47),
    (b'J', 60, 70),
    (b'J', 80, 86),
    (b'J', 90, 99),
    (b'K', 0, 14),
    (b'K', 20, 31),
    (b'K', 35, 38),
    (b'K', 40, 46),
    (b'K', 50, 67),
    (b'K', 70, 77),
    (b'K', 80, 93),
    (b'L', 0, 8),
    (b'L', 10, 14),
    (b'L', 20, 30),
    (b'L', 40, 45),
    (b'L', 50, 75),
    (b'L', 80, 99),
    (b'M', 0, 25),
    (b'M', 30, 36),
    (b'M', 40, 54),
    (b'M', 60, 99),
    (b'N', 0, 51),
    (b'N', 60, 64),
    (b'N', 70, 99),
    (b'O', 0, 75),
    (b'O', 80, 99),
    (b'P', 0, 96),
    (b'Q', 0, 99),
    (b'R', 0, 99),
    (b'S', 0, 99),
    (b'T', 0, 98),
    (b'U', 0, 12),
    (b'U', 82, 85),
    (b'V', 1, 99),
    (b'W', 0, 99),
    (b'X', 0, 99),
    (b'Y', 1, 98),
    (b'Z', 0, 13),
    (b'Z', 20, 99),
];

/// Places that say a lot of whoever was there, folded.
const PLACES: &[&str] = &[
    "clinic",
    "clinics",
    "hospital",
    "hospice",
    "klinik",
    "klinikum",
    "hospiz",
    "clinique",
    "hopital",
    "clinica",
    "ospedale",
    "rehab",
    "prison",
    "jail",
    "gefaengnis",
    "jva",
    "church",
    "kirche",
    "eglise",
    "iglesia",
    "chiesa",
    "mosque",
    "moschee",
    "mosquee",
    "mezquita",
    "moschea",
    "synagogue",
    "synagoge",
    "sinagoga",
    "temple",
    "tempel",
    "brothel",
    "bordell",
    "gay",
    "abortion",
    "fertility",
    "methadone",
    "methadon",
    "dialysis",
    "dialyse",
    "hospice",
    "frauenhaus",
    "suchtberatung",
    "schuldnerberatung",
    "kinderwunsch",
    "ivf",
];

const STEMS: &[&str] = &[
    "oncolog",
    "onkolog",
    "psychiatr",
    "psychotherap",
    "krankenhaus",
    "hospital",
    "gynaecolog",
    "gynecolog",
    "gynaekolog",
    "urolog",
    "dermatolog",
    "venerolog",
    "haematolog",
    "nephrolog",
    "strahlentherap",
    "chemotherap",
    "klinik",
];

const UNKNOWN: &[&str] = &[
    "unknown",
    "not known",
    "n/a",
    "na",
    "n.a",
    "nan",
    "null",
    "none given",
    "not available",
    "not stated",
    "not specified",
    "not recorded",
    "not reported",
    "not disclosed",
    "unspecified",
    "undisclosed",
    "missing",
    "withheld",
    "refused",
    "declined",
    "prefer not to say",
    "no answer",
    "no data",
    "redacted",
    "suppressed",
    "masked",
    "hidden",
    "unbekannt",
    "nicht bekannt",
    "keine angabe",
    "k.a",
    "k. a",
    "ka",
    "ohne angabe",
    "o.a",
    "nicht angegeben",
    "nicht erfasst",
    "fehlend",
    "fehlt",
    "inconnu",
    "inconnue",
    "non connu",
    "non renseigne",
    "non precise",
    "non specifie",
    "non communique",
    "nd",
    "n.d",
    "nr",
    "manquant",
    "desconocido",
    "desconocida",
    "no consta",
    "sin datos",
    "no especificado",
    "ns/nc",
    "sconosciuto",
    "non noto",
    "non specificato",
    "onbekend",
];

/// Illnesses and conditions in English, German, French, Spanish and Italian, folded.
const ILLNESSES: &[&str] = &[
    "hiv",
    "aids",
    "cancer",
    "krebs",
    "tumor",
    "tumour",
    "tumeur",
    "carcinoma",
    "karzinom",
    "carcinome",
    "sarcoma",
    "sarkom",
    "lymphoma",
    "lymphom",
    "lymphome",
    "melanoma",
    "melanom",
    "melanome",
    "leukemia",
    "leukaemia",
    "leukaemie",
    "leucemie",
    "leucemia",
    "diabetes",
    "diabete",
    "hypertension",
    "hypertonie",
    "hypertonus",
    "bluthochdruck",
    "hypertensive",
    "hipertension",
    "ipertensione",
    "asthma",
    "asthme",
    "asma",
    "copd",
    "bpco",
    "depression",
    "depressive",
    "depressed",
    "depresion",
    "depressione",
    "dysthymia",
    "schizophrenia",
    "schizophrenie",
    "esquizofrenia",
    "bipolar",
    "bipolaire",
    "psychosis",
    "psychose",
    "psicosis",
    "epilepsy",
    "epilepsie",
    "epilepsia",
    "dementia",
    "demenz",
    "demence",
    "demencia",
    "alzheimer",
    "alzheimers",
    "parkinson",
    "parkinsons",
    "migraine",
    "migraene",
    "migrana",
    "anorexia",
    "anorexie",
    "bulimia",
    "bulimie",
    "adhd",
    "adhs",
    "tdah",
    "autism",
    "autismus",
    "autisme",
    "autismo",
    "ptsd",
    "ptbs",
    "stroke",
    "schlaganfall",
    "avc",
    "ictus",
    "infarction",
    "infarct",
    "infarkt",
    "herzinfarkt",
    "infarctus",
    "infarto",
    "angina",
    "arrhythmia",
    "arrhythmie",
    "fibrillation",
    "vorhofflimmern",
    "stenosis",
    "thrombosis",
    "thrombose",
    "trombosis",
    "embolism",
    "embolie",
    "sepsis",
    "septicemia",
    "pneumonia",
    "pneumonie",
    "lungenentzuendung",
    "neumonia",
    "polmonite",
    "tuberculosis",
    "tuberkulose",
    "tuberculose",
    "syphilis",
    "gonorrhea",
    "gonorrhoea",
    "gonorrhoe",
    "chlamydia",
    "chlamydien",
    "chlamydiose",
    "herpes",
    "malaria",
    "influenza",
    "grippe",
    "covid",
    "measles",
    "masern",
    "rougeole",
    "obesity",
    "adipositas",
    "obesite",
    "obesidad",
    "anemia",
    "anaemia",
    "anaemie",
    "anemie",
    "cirrhosis",
    "zirrhose",
    "leberzirrhose",
    "cirrhose",
    "psoriasis",
    "eczema",
    "ekzem",
    "lupus",
    "fibromyalgia",
    "fibromyalgie",
    "osteoporosis",
    "osteoporose",
    "arthrosis",
    "arthrose",
    "endometriosis",
    "endometriose",
    "infertility",
    "unfruchtbarkeit",
    "infertilite",
    "miscarriage",
    "fehlgeburt",
    "abortion",
    "abtreibung",
    "alcoholism",
    "alkoholismus",
    "alkoholabhaengigkeit",
    "alcoolisme",
    "alcoholismo",
    "addiction",
    "opioid",
    "suizid",
    "suicidal",
    "suizidalitaet",
    "insomnia",
    "insomnie",
    "schlaflosigkeit",
    "hypothyroidism",
    "hypothyreose",
    "hyperthyroidism",
    "hyperlipidemia",
    "hyperlipidaemia",
    "hypercholesterolemia",
    "hypercholesterolaemia",
    "sclerosis",
    "sklerose",
    "sclerose",
    "crohn",
    "crohns",
    "neoplasm",
    "neoplasia",
    "metastasis",
    "metastases",
    "metastasen",
];

/// How the names of illnesses end in these languages.
const ENDINGS: &[&str] = &[
    "krebs",
    "karzinom",
    "erkrankung",
    "krankheit",
    "stoerung",
    "itis",
    "pathie",
    "neuropathy",
    "nephropathy",
    "retinopathy",
    "cardiomyopathy",
    "insuffizienz",
    "sklerose",
    "carcinoma",
];

const FAITHS: &[&str] = &[
    "catholic",
    "roman catholic",
    "roman-catholic",
    "protestant",
    "lutheran",
    "evangelical",
    "anglican",
    "methodist",
    "baptist",
    "orthodox",
    "christian",
    "christian orthodox",
    "muslim",
    "moslem",
    "islam",
    "islamic",
    "sunni",
    "shia",
    "alevi",
    "jewish",
    "judaism",
    "hindu",
    "hinduism",
    "buddhist",
    "buddhism",
    "sikh",
    "sikhism",
    "jehovah's witness",
    "jehovah's witnesses",
    "mormon",
    "atheist",
    "agnostic",
    "no religion",
    "non-religious",
    "nonreligious",
    "christianity",
    "katholisch",
    "roemisch-katholisch",
    "evangelisch",
    "protestantisch",
    "orthodoxe",
    "muslimisch",
    "islamisch",
    "sunnitisch",
    "schiitisch",
    "alevitisch",
    "juedisch",
    "hinduistisch",
    "buddhistisch",
    "konfessionslos",
    "konfessionsfrei",
    "atheistisch",
    "christlich",
    "zeugen jehovas",
    "catholique",
    "protestante",
    "musulman",
    "musulmane",
    "juif",
    "juive",
    "bouddhiste",
    "hindouiste",
    "athee",
    "chretien",
    "chretienne",
    "sans religion",
    "orthodoxe grec",
    "catolico",
    "catolica",
    "evangelico",
    "judio",
    "budista",
    "ateo",
    "agnostico",
    "cristiano",
    "cristiana",
    "cattolico",
    "cattolica",
    "musulmano",
    "musulmana",
    "ebreo",
    "buddista",
];

const PARTIES: &[&str] = &[
    "cdu",
    "csu",
    "cdu/csu",
    "spd",
    "fdp",
    "afd",
    "gruene",
    "die gruenen",
    "buendnis 90/die gruenen",
    "b90/gruene",
    "die linke",
    "linke",
    "bsw",
    "npd",
    "freie waehler",
    "oevp",
    "spoe",
    "fpoe",
    "neos",
    "svp",
    "republican",
    "republican party",
    "republicans",
    "democrat",
    "democratic",
    "democratic party",
    "democrats",
    "libertarian",
    "green party",
    "greens",
    "labour",
    "labour party",
    "conservative",
    "conservatives",
    "conservative party",
    "tory",
    "liberal democrat",
    "liberal democrats",
    "lib dem",
    "snp",
    "ukip",
    "reform uk",
    "plaid cymru",
    "sinn fein",
    "parti socialiste",
    "les republicains",
    "rassemblement national",
    "front national",
    "renaissance",
    "la france insoumise",
    "lfi",
    "eelv",
    "psoe",
    "partido popular",
    "vox",
    "podemos",
    "ciudadanos",
    "partito democratico",
    "lega",
    "forza italia",
    "fratelli d'italia",
    "movimento 5 stelle",
];

const ORIENTATIONS: &[&str] = &[
    "heterosexual",
    "homosexual",
    "bisexual",
    "asexual",
    "pansexual",
    "gay",
    "lesbian",
    "queer",
    "straight",
    "gay or lesbian",
    "heterosexuell",
    "homosexuell",
    "bisexuell",
    "asexuell",
    "pansexuell",
    "schwul",
    "lesbisch",
    "heterosexuel",
    "homosexuel",
    "bisexuel",
    "lesbienne",
    "lesbiana",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_private_is_known_by_its_values() {
        for values in [
            &["E11.9", "I10.0", "F32.1", "J45.0"][..],
            &["F32.1G", "F33.0V"],
            &["B20.1 HIV disease", "E11.9 Diabetes mellitus", "I25.1 x"],
            &["N05AX08", "A10BA02", "C09AA05"],
            &["catholic", "protestant", "muslim", "none", "other"],
            &["evangelisch", "römisch-katholisch", "konfessionslos"],
            &["CDU", "SPD", "Grüne", "other"],
            &["Republican", "Democrat", "Independent"],
            &["HIV positive", "HIV negative"],
            &["type 2 diabetes", "asthma", "healthy", "hypertension"],
            &["Brustkrebs", "Diabetes mellitus", "Depression", "gesund"],
            &["hépatite", "cancer du sein", "dépression", "asthme"],
            &["heterosexual", "bisexual", "unknown", ""],
        ] {
            assert!(is_private(values.iter()), "{values:?}");
        }
        let plain = [
            "A41", "B20", "C50", "D50", "E11", "F32", "G40", "I10", "J45", "K52", "M54", "N39",
        ];
        assert!(is_private(plain.iter()));
    }

    #[test]
    fn other_codes_and_words_are_not() {
        let tariffs: Vec<String> = (1..40).map(|at| format!("T{at:02}")).collect();
        assert!(!is_private(tariffs.iter()));
        // Seats, by row and place, and the postal areas of London.
        let seats = (0..60).map(|at| format!("{}{:02}", (b'A' + at % 6) as char, 1 + at / 6));
        assert!(!is_private(seats));
        let shelves = "ABCDEFGHIJKLM"
            .chars()
            .flat_map(|of| (1..30).map(move |at| format!("{of}{at:02}")));
        assert!(!is_private(shelves));
        for values in [
            &["E1", "N1", "W1", "SE10", "EC1"][..],
            &["1.10.2", "v1.2", "A1.2"],
            &["red", "green", "blue", "conservative"],
            &["Christian", "Anna", "Paul", "Maria"],
            &["Medical Center", "Church", "Bar", "Coffee Shop", "Mosque"],
            &["Aspirin 500 mg", "Toothpaste", "Cancer research calendar"],
            &["Paris", "Orthodox Street", "London"],
            &["straight", "left", "right"],
            &[],
        ] {
            assert!(!is_private(values.iter()), "{values:?}");
        }
    }

    #[test]
    fn places_that_say_a_lot() {
        for telling in [
            "HIV clinic",
            "Klinikum Nord",
            "Psychiatrische Ambulanz",
            "Onkologie",
            "Central Mosque",
            "Gay Bar",
        ] {
            assert!(is_telling(telling), "{telling}");
        }
        for other in [
            "Coffee Shop",
            "cell 17",
            "Nürnberg Mitte",
            "grocery",
            "Kirchenstraße",
            "Gayfield Street",
        ] {
            assert!(!is_telling(other), "{other}");
        }
    }

    #[test]
    fn what_is_not_known() {
        for unknown in [
            "",
            " ",
            "?",
            "--",
            "Unknown",
            "N/A",
            "k. A.",
            "(missing)",
            "nicht angegeben",
            "Non renseigné",
        ] {
            assert!(is_unknown(unknown), "{unknown}");
        }
        for known in ["none", "no", "0", "other", "healthy", "keine"] {
            assert!(!is_unknown(known), "{known}");
        }
    }
}
