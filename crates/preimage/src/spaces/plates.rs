//! Vehicle plates by country.
//!
//! Sources: Kraftfahrt-Bundesamt, Unterscheidungszeichen; DVLA INF104; the vehicle registration acts of the other
//! countries.

use super::{Field, Kind, Space};

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// No I, O or U.
const FRENCH: &[u8] = b"ABCDEFGHJKLMNPQRSTVWXYZ";
/// No I, O, Q or U.
const ITALIAN: &[u8] = b"ABCDEFGHJKLMNPRSTVWXYZ";
/// No vowels, no Q and no Ñ.
const SPANISH: &[u8] = b"BCDFGHJKLMNPRSTVWXYZ";
/// No I, Q or Z.
const BRITISH: &[u8] = b"ABCDEFGHJKLMNOPRSTUVWXY";

/// Districts of Germany in which most vehicles are.
const DISTRICTS: &str = "A AA AB AC AE AK AL AN AP AS AUR AW AZ B BA BAD BAR BB BC BI BIR BIT BL BLK BM BN BO BOR BOT BRA BRB \
    BS BT BTF BZ C CB CE CHA CLP COC COE CUX CW D DA DAH DAN DAU DB DE DEG DEL DGF DH DIL DLG DM DN DO DON DU DW E EA EBE \
    ED EE EF EI EIC EL EM EMD EMS EN ER ERB ERH ES ESW EU F FB FD FDS FF FFB FG FL FN FO FR FRG FRI FS FT FU FUE G GAP GE \
    GER GF GG GI GL GM GP GR GRZ GS GT GTH GZ H HA HAL HAM HAS HB HBN HD HDH HE HEF HEI HER HF HG HGW HH HI HK HL HM HN HO \
    HOL HOM HP HR HRO HS HSK HST HU HVL HX HY HZ IGB IK IL IN IZ J JL K KA KB KC KE KEH KF KG KH KI KIB KL KLE KN KO KR KS \
    KT KU KUN KUS KYF L LA LAU LB LD LDK LDS LER LEV LG LI LIF LIP LL LM LOS LRO LU LUP LWL M MA MB MD ME MEI MG MH MI MIL \
    MK MKK MM MN MOL MOS MR MS MSH MSP MSE MTK MYK MZ MZG N NB ND NDH NE NEA NES NEW NF NI NK NM NMS NOH NOL NOM NR NU NVP \
    NW NWM OA OAL OB OD OE OF OG OH OHA OHV OHZ OL OPR OS OSL OVP P PA PAF PAN PB PCH PE PF PI PIR PL PLO PM PR PS R RA \
    RD RE REG RO ROS ROW RP RS RT RUD RV RW RZ S SAD SAW SB SC SDL SE SG SHA SHG SHK SHL SI SIG SIM SK SL SLF SLK SLS SM SN \
    SO SOK SOM SON SP SPN SR ST STA STD SU SUL SW SZ SZB TBB TF TIR TO TR TS TUT UE UEM UH UL UM UN V VB VEC VER VG VIE VK \
    VR VS W WAF WAK WB WE WEN WES WF WHV WI WIL WL WM WN WND WO WOB WR WST WT WTM WUG WUN WW WZ Z ZW";

const CANTONS: &str =
    "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH";

pub fn all() -> Vec<Space> {
    let plates = |region, fields, usual: &[&str], more: &[&str]| {
        Space::fields(Kind::Plates, region, fields, usual, more)
    };
    let words = |text: &str| Field::words(&text.split_whitespace().collect::<Vec<_>>());
    vec![
        plates(
            "DE",
            vec![
                words(DISTRICTS),
                Field::Letters(LETTERS, 1, 2),
                Field::From1(9_999),
            ],
            &["{0}-{1} {2}", "{0}{1}{2}", "{0} {1} {2}", "{0}-{1}{2}"],
            &["{0}-{1}-{2}", "{0} {1}{2}", "lower:{0}{1}{2}"],
        ),
        plates(
            "FR",
            vec![
                Field::Letters(FRENCH, 2, 2),
                Field::Digits(3),
                Field::Letters(FRENCH, 2, 2),
            ],
            &["{0}-{1}-{2}", "{0}{1}{2}"],
            &["{0} {1} {2}"],
        ),
        plates(
            "IT",
            vec![
                Field::Letters(ITALIAN, 2, 2),
                Field::Digits(3),
                Field::Letters(ITALIAN, 2, 2),
            ],
            &["{0}{1}{2}", "{0} {1} {2}"],
            &["{0}-{1}-{2}"],
        ),
        plates(
            "ES",
            vec![Field::Digits(4), Field::Letters(SPANISH, 3, 3)],
            &["{0} {1}", "{0}{1}"],
            &["{0}-{1}"],
        ),
        plates(
            "GB",
            vec![
                Field::Letters(BRITISH, 2, 2),
                Field::Digits(2),
                Field::Letters(BRITISH, 3, 3),
            ],
            &["{0}{1} {2}", "{0}{1}{2}"],
            &["lower:{0}{1}{2}"],
        ),
        plates(
            "CH",
            vec![words(CANTONS), Field::From1(999_999)],
            &["{0} {1}", "{0}{1}"],
            &["{0}-{1}"],
        ),
        plates(
            "PT",
            vec![
                Field::Letters(LETTERS, 2, 2),
                Field::Digits(2),
                Field::Letters(LETTERS, 2, 2),
            ],
            &["{0}-{1}-{2}", "{0}{1}{2}"],
            &[],
        ),
        plates(
            "BE",
            vec![
                Field::Digits(1),
                Field::Letters(LETTERS, 3, 3),
                Field::Digits(3),
            ],
            &["{0}-{1}-{2}", "{0}{1}{2}"],
            &[],
        ),
        plates(
            "NL",
            vec![
                Field::Letters(LETTERS, 1, 2),
                Field::Digits(3),
                Field::Letters(LETTERS, 1, 2),
            ],
            &["{0}-{1}-{2}", "{0}{1}{2}"],
            &[],
        ),
    ]
}
