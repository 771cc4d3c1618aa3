//! The scaling law of identification in German.

use super::{Header, Prose, Spoken, fixed, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Skalengesetz der Wiedererkennung",
    question: "Enthielte die Veröffentlichung die ganze Grundgesamtheit und nicht eine Stichprobe davon: wie viele \
               Personen wären an ihren Quasi-Identifikatoren noch zu finden?",
    adversary: "Kennt die Quasi-Identifikatoren aller in der Grundgesamtheit und ordnet jede Person zufällig einem \
                der Datensätze zu, die passen.",
    definition: "Trefferrichtigkeit ist der Anteil der Personen, die voraussichtlich ihrem eigenen Datensatz \
                 zugeordnet werden: die Zahl der Klassen durch die Zahl der Personen. Einmaligkeit ist der Anteil \
                 der Personen, die in ihrer Klasse allein sind. Beide sinken, wenn die Grundgesamtheit wächst; das \
                 Gesetz ist das eines Pitman–Yor-Prozesses, dessen beide Parameter an die Trefferrichtigkeit immer \
                 größerer Teile der Stichprobe angepasst und dann auf die Grundgesamtheit angewandt werden.",
    formula: "κ̂(n) = (1/n) Σ über Klassen von 1 − C(N−s, n)/C(N, n), der Erwartungswert über alle Teile von n der \
              N Personen; κ(n) = [Γ(1+α)Γ(n+d+α)/(Γ(d+α)Γ(n+α)) − α]/(nd), (α/n)(ψ(n+α) − ψ(α)) für d → 0; U(n) = \
              Γ(1+α)Γ(n+d+α−1)/(Γ(d+α)Γ(n+α)); die Parameter h = ψ(α+1) − ψ(1−d) und γ = (ψ(1) − ψ(1−d))/h \
              minimieren das Mittel von ln(n)(κ̂ − κ)² über n = N, N/2, N/4, … bis hinab zu 10",
    denominator: "Personen der Grundgesamtheit, die das Manifest angibt.",
    nulls: "Ein Nullwert ist ein eigener Wert.",
    assumptions: &[
        "Die Personen der Veröffentlichung sind eine einfache Zufallsstichprobe der Grundgesamtheit.",
        "Die Quasi-Identifikatoren der Grundgesamtheit folgen einem Pitman–Yor-Prozess: wenige Werte, die viele \
         haben, und viele seltene.",
    ],
    limits: &[
        "Es ist eine Hochrechnung. `extrapolation_error` sagt, wie weit dasselbe Gesetz, angepasst an ein \
         Sechzehntel der Personen, die Trefferrichtigkeit aller verfehlt.",
        super::WIDENED,
        "Es wird nicht gemessen, wenn das Gesetz die Zahl der einmaligen Personen in der Stichprobe selbst um mehr als drei \
         Standardfehler verfehlt. Eine kleine Stichprobe zeigt das womöglich nicht, und die Einmaligkeit kann dann viel zu niedrig \
         liegen: auf drei Spalten der Adult-Daten bei 5\u{202f}% war sie etwa ein Fünftel der Wahrheit.",
    ],
    validation: "Parameter und hochgerechnete Werte stimmen mit denen des Prüfvektors n = 10, 50, 100, 500 mit κ = \
                 0,99; 0,97; 0,95; 0,90 in allen angegebenen Stellen überein. Die erwartete Trefferrichtigkeit \
                 stimmt auf von Hand gerechneten Klassen mit dem Mittel über alle Teile überein. Auf erzeugten \
                 Grundgesamtheiten nach Pitman–Yor von 200.000 ergeben Stichproben von 5\u{202f}% die \
                 Trefferrichtigkeit der Grundgesamtheit bis auf 0,02.",
    table: Some(Header {
        title: "Geschätzter durch wahren Wert, Mittelwert ± Standardabweichung von zwanzig Stichproben; wie viele der \
                Konfidenzintervalle zu 95\u{202f}% die Wahrheit enthalten, wo es einen Schätzwert gibt; der Median ihrer Breite. Adult: 30.162 Personen der öffentlichen Tabelle; Kunden (4.372) eines Onlinehandels, Besucher (1.083), die einchecken, Taxis (537) und \
                Wochen von Haushalten (2.650), je nach Merkmalen aus ihren Zeilen",
        header: &[
            "Grundgesamtheit",
            "Anteil",
            "Statistik",
            "Verhältnis",
            "erfasst",
            "Breite",
        ],
        words: &[
            ("correctness", "Trefferrichtigkeit"),
            ("uniqueness", "Einmaligkeit"),
        ],
    }),
    settings: &[],
    statistics: &[
        Spoken {
            name: "correctness",
            title: "Trefferrichtigkeit in der Grundgesamtheit",
            of: "Personen der Grundgesamtheit",
            meaning: |f| {
                format!(
                    "Unter allen {} Personen der Grundgesamtheit würden {} allein an genauen \
                     Werten richtig erkannt.",
                    parameter(f, "population"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "uniqueness",
            title: "Einmaligkeit in der Grundgesamtheit",
            of: "Personen der Grundgesamtheit",
            meaning: |f| {
                format!(
                    "Unter allen {} Personen der Grundgesamtheit teilen schätzungsweise {} ihre \
                     Quasi-Identifikatoren mit niemandem.",
                    parameter(f, "population"),
                    percent(real(f))
                )
            },
        },
        Spoken {
            name: "extrapolation_error",
            title: "Fehler einer Hochrechnung auf das Sechzehnfache",
            of: "Personen",
            meaning: |f| {
                format!(
                    "Angepasst an ein Sechzehntel der Personen, verfehlt das Gesetz die \
                     Trefferrichtigkeit aller um {}.",
                    fixed(real(f), 3)
                )
            },
        },
    ],
};
