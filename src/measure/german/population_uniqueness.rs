//! The uniqueness in the population in German.

use super::{Header, Prose, Spoken, fixed, parameter, percent, real};

pub static PROSE: Prose = Prose {
    title: "Einmaligkeit in der Grundgesamtheit",
    question: "Wie viele Personen der ganzen Grundgesamtheit sind die einzigen mit ihren Quasi-Identifikatoren?",
    adversary: "Findet in der Veröffentlichung eine Person mit bestimmten Quasi-Identifikatoren und will sicher \
                sein, dass es in der Grundgesamtheit keine zweite gibt.",
    definition: "Ein Superpopulationsmodell sagt, wie groß die Klassen der Grundgesamtheit sind, wenn die der \
                 Stichprobe gegeben sind. Pitman: Klassengrößen nach der Stichprobenformel von Pitman, beide \
                 Parameter durch Maximum-Likelihood-Schätzung. Zayatz: die Wahrscheinlichkeit, dass eine in der \
                 Stichprobe einmalige Klasse in der Grundgesamtheit einmalig ist, wobei die Klassengrößen der \
                 Stichprobe für die der Grundgesamtheit genommen werden. SNB: Klassengrößen um eins größer als eine \
                 negativ binomiale Zahl. Regel von Dankar: Pitman, wenn höchstens ein Zehntel der Grundgesamtheit \
                 gezogen ist, sonst der kleinere Wert von Zayatz und SNB; Hälften der Stichprobe folgen der Regel der ganzen. \
                 Sind in der Stichprobe alle einmalig, so ergibt jedes davon seinen Grenzwert, die Grundgesamtheit. \
                 Log-linear: die Größe jeder Kombination \
                 ist Poisson-verteilt, mit einem Erwartungswert, der ein Produkt von Effekten der Spalten ist, oder \
                 der Spalten und ihrer Paare.",
    formula: "N Personen, davon n gezogen, π = n/N, s_i Klassen von i, u Klassen. Pitman: Γ(θ+1)/Γ(θ+α)·N^α mit (θ, \
              α), die Σ_{i=1}^{u−1} ln(θ+iα) − Σ_{i=1}^{n−1} ln(θ+i) + Σ_i s_i Σ_{j=1}^{i−1} ln(j−α) maximieren. \
              Zayatz: s₁P/π, P = s₁h(1)/Σ_i s_i h(i), h(i) = i·C(N−i, n−1)/C(N, n). SNB: Kβ^α mit K = u + s₁ \
              Σ(1−π)^i s_i / Σ iπ(1−π)^{i−1} s_i (Shlosser) und (α, β) so, dass mit d = (1−π)(1−β) gilt s₁ = \
              Kπ(β/(1−d))^α (1 + αd/(1−d)) und s₂ = Kπ²αβ^α(1−β)(2+(α−1)d)/(2(1−d)^{α+2}). Log-linear: (1/π) Σ über \
              Stichproben-Einmalige k von exp(−(1−π)λ̂_k), πλ̂ die angepassten Zählwerte. Konfidenzintervalle: die \
              Streuung der Schätzwerte aus 100 zufälligen Hälften der Stichprobe (McCarthy), erweitert, wie es die Grenzen sagen; log-linear: 1,96 \
              Standardabweichungen der Ziehung der Einmaligen, U(1−π)/π + Σ p(1−p)/π²",
    denominator: "Personen der Grundgesamtheit, die das Manifest angibt. Haben Personen mehrere Zeilen, so sind die \
                  Klassen die aller Zeilen einer Person zusammen (`rows = composite`); Zeile für Zeile steht eine Person \
                  in mehreren Klassen, von denen die Veröffentlichung keine Stichprobe ist, und nichts wird geschätzt \
                  (`rows = each`).",
    nulls: "Ein Nullwert ist ein eigener Wert.",
    assumptions: &[
        "Die Personen der Veröffentlichung sind eine einfache Zufallsstichprobe der Grundgesamtheit.",
        "Pitman gilt als verlässlich bei Stichproben von höchstens einem Zehntel der Grundgesamtheit, Zayatz und \
         SNB darüber (Dankar et al. 2012).",
        "Log-linear gilt als verlässlich, wenn die Fehlanpassung, also der bei kleinen Abweichungen vom Modell zu \
         erwartende Fehler des Schätzwerts durch seine Standardabweichung, innerhalb von ±1,96 liegt (nach Skinner \
         und Shlomo 2008): Haupteffekte, wenn sie passen, sonst je ein Paar mehr, das aussagekräftigste zuerst; \
         passt keines, so wird es nicht berichtet, ebenso wenig, wo eine Spalte Werte hat, die schätzungsweise mehr als \
         jede zwanzigste Person der Grundgesamtheit hat und die der Veröffentlichung fehlen (Personen, die mit ihrem \
         allein sind / n · (1 − n/N), Good 1953).",
    ],
    limits: &[
        "Dies sind Schätzwerte aus einem Modell: keiner ist genau, und sie können weit voneinander abweichen.",
        super::WIDENED,
        "Das Konfidenzintervall von log-linear erfasst nur die Ziehung und enthält die Wahrheit seltener als die anderen.",
    ],
    validation: "Stichproben bekannter Grundgesamtheiten: Verzerrung und Überdeckung siehe unten. Unter einem \
                 Zehntel können Zayatz und SNB viel zu hoch liegen. Die Momente des SNB-Modells stimmen bis auf \
                 1e-9 mit denen einer unmittelbaren Summe über Klassengrößen überein: eine öffentliche \
                 Implementierung multipliziert, wo beim zweiten zu dividieren ist. Log-linear: auf je zwölf \
                 erzeugten Grundgesamtheiten mit unabhängigen und mit zusammenhängenden Spalten im Mittel 0,99 und \
                 0,98 der Wahrheit, wobei wie vorgesehen ein Modell ohne und eines mit Paaren gewählt wurde.",
    table: Some(Header {
        title: "Geschätzter durch wahren Wert, Mittelwert ± Standardabweichung von zwanzig Stichproben; wie viele der \
                Konfidenzintervalle zu 95\u{202f}% die Wahrheit enthalten, wo es einen Schätzwert gibt; der Median ihrer Breite. PY: Grundgesamtheit nach Pitman–Yor von 100.000, neu für jede Stichprobe; Adult: 30.162 Personen der öffentlichen Tabelle; Kunden (4.372) eines Onlinehandels, Besucher (1.083), die einchecken, Taxis (537) und \
                Wochen von Haushalten (2.650), je nach Merkmalen aus ihren Zeilen",
        header: &[
            "Grundgesamtheit",
            "Anteil",
            "Schätzer",
            "Verhältnis",
            "erfasst",
            "Breite",
        ],
        words: &[
            ("PY 0.5, 10", "PY 0,5; 10"),
            ("PY 0.8, 50", "PY 0,8; 50"),
            ("PY 0.3, 1000", "PY 0,3; 1000"),
        ],
    }),
    settings: &[],
    statistics: &[
        Spoken {
            name: "unique_persons",
            title: "Einmalige Personen in der Grundgesamtheit",
            of: "Personen der Grundgesamtheit",
            meaning: |f| match fixed(real(f), 0).as_str() {
                "1" => format!(
                    "Schätzungsweise 1 der {} Personen der Grundgesamtheit teilt ihre \
                     Quasi-Identifikatoren mit niemandem.",
                    parameter(f, "population")
                ),
                persons => format!(
                    "Schätzungsweise {persons} der {} Personen der Grundgesamtheit teilen ihre \
                     Quasi-Identifikatoren mit niemandem.",
                    parameter(f, "population")
                ),
            },
        },
        Spoken {
            name: "share_unique",
            title: "Anteil einmaliger Personen in der Grundgesamtheit",
            of: "Personen der Grundgesamtheit",
            meaning: |f| {
                format!(
                    "Das sind schätzungsweise {} der Grundgesamtheit.",
                    percent(real(f))
                )
            },
        },
    ],
};
