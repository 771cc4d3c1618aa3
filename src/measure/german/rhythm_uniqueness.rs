//! The uniqueness of daily rhythms in German.

use super::{Prose, Spoken, key, number, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Einmaligkeit von Tagesrhythmen",
    question: "Verrät der Rhythmus der Tage eine Person, und verrät er, wann niemand zu Hause ist?",
    adversary: "Kennt die Gewohnheiten einer Person (wann das Licht angeht, wann es im Haus still ist) oder hat \
                einen einzigen Tag beobachtet; will die Spur der Person oder wissen, wann sie fort ist.",
    definition: "Ein Punkt gehört nach der Ortszeit zu einer Stunde eines Tages. Haben Punkte einen Betrag und \
                 sonst nichts, so ist die Aktivität einer Stunde die Summe ihrer Beträge, und es gibt einen \
                 Zustand; sonst ist sie die Zahl ihrer Punkte, und was diese außer der Zeit besagen, ist ihr \
                 Zustand. Profil `hours`: für jede Stunde des Tages und jeden Zustand, ob sie an keinem, an weniger \
                 als der Hälfte oder an mindestens der Hälfte der Tage vom ersten bis zum letzten aktiv ist; bei \
                 Beträgen, ob das Mittel der Stunde unter der Hälfte der mittleren Stunde der Person liegt, bis zum \
                 Anderthalbfachen davon oder darüber. Profil `first-last`: die Stunde, in der die Aktivität (bei \
                 Beträgen: Aktivität über der mittleren Stunde der Person) gewöhnlich beginnt und endet, als \
                 Mediane über Tage. Profil `quiet-days`: die Tage zwischen dem ersten und dem letzten, deren \
                 Aktivität unter dem `quiet`-Fachen des mittleren Tages (Median) der Person liegt. Ein Rhythmus ist \
                 einmalig, wenn keine andere Person denselben hat. `day_identified`: ein zufällig gezogener Tag \
                 einer Person wird mit dem durchschnittlichen Tag aller in einer Menge von Personen verglichen, bei \
                 der Person selbst ohne diesen Tag, nach dem Kosinus über Stunden und Zustände; ein Erfolg ist es, \
                 wenn die Person am nächsten liegt, bei Gleichstand zählt 1 durch die Zahl der Gleichen.",
    formula: "share_unique = |{i : kein j ≠ i hat Profil(j) = Profil(i)}| / n; day_identified = mittlerer Erfolg; \
              day_risk = (Erfolg − Vergleichswert) / (1 − Vergleichswert), Vergleichswert = 1 / crowd; share_absent \
              = |{i : i hat mindestens `away` stille Tage hintereinander}| / n",
    denominator: "Personen; beim Angriff mit einem Tag die gezogenen, mit mindestens zwei Tagen.",
    nulls: "Ein Nullwert als Zustand ist ein eigener Zustand; ein Nullwert als Betrag ist keine Aktivität.",
    assumptions: &[
        "Wer in der Spur aktiv ist, ist zu Hause, und wer still ist, nicht: so überlegen Einbrecher, und oft zu \
         Recht.",
    ],
    limits: &[
        "Der Angriff mit einem Tag richtet sich gegen eine aus der Veröffentlichung gezogene Menge von Personen; \
         unter allen Personen gelingt er seltener.",
        "Beträge zählen mit der Mitte ihrer Stufe.",
        "Es braucht Zeiten nach der Uhr, in Abschnitten von höchstens einer Stunde.",
    ],
    validation: "Stimmt auf erzeugten Ereignissen und Ablesungen mit einer langsamen Berechnung aus den Zeilen \
                 überein. Das Konfidenzintervall eines Mittelwerts über Personen enthält den wahren Wert so oft, wie \
                 die Tabelle bei `location-attacks` sagt.",
    table: None,
    settings: &[
        "unter diesem Vielfachen der Aktivität des mittleren Tages (Median) der Person ist ein Tag still",
        "stille Tage hintereinander, die verraten, dass niemand zu Hause ist",
        "Personen, bei denen der Angreifer einen Tag beobachtet hat",
        "Personen, unter denen sie gesucht werden",
    ],
    statistics: &[
        Spoken {
            name: "share_unique",
            title: "Einmalige Rhythmen",
            of: "Personen",
            meaning: |f| {
                let what = match key(f, "profile").as_str() {
                    "hours" => "ist zu denselben Stunden des Tages ebenso aktiv",
                    "first-last" => "beginnt und beendet den Tag zu denselben Stunden",
                    _ => "hat genau dieselben stillen Tage",
                };
                format!(
                    "Für {} der Personen gilt: niemand sonst {what}.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "smallest_class",
            title: "Kleinste Zahl von Personen mit demselben Rhythmus",
            of: "Personen",
            meaning: |f| match real(f) {
                1.0 => "Den seltensten Rhythmus hat 1 Person.".to_owned(),
                persons => format!(
                    "Den seltensten Rhythmus haben {} Personen.",
                    number(persons)
                ),
            },
        },
        Spoken {
            name: "day_identified",
            title: "Durch einen Tag gefundene Personen",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Wer eine Person einen Tag lang beobachtet hat, findet sie unter {} anderen \
                     in {} der Fälle.",
                    parameter(f, "crowd"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "day_risk",
            title: "Risiko, durch einen Tag gefunden zu werden",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Über das Raten hinaus verrät ein Tag {} der Personen.",
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "share_absent",
            title: "Personen, deren Abwesenheit zu erkennen ist",
            of: "Personen",
            meaning: |f| {
                let share = percent(real(f));
                match parameter(f, "away").as_str() {
                    "1" => format!(
                        "Bei {share} der Personen verrät die Spur, dass 1 Tag lang niemand zu \
                         Hause war."
                    ),
                    away => format!(
                        "Bei {share} der Personen verrät die Spur, dass {away} Tage \
                         hintereinander niemand zu Hause war."
                    ),
                }
            },
        },
    ],
};
