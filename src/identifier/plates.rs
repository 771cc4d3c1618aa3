//! Plates of vehicles: German, British, French and Italian, Spanish, Dutch.

use super::forms::{Form, Sightings};

/// World manufacturer identifiers of large makers: what the numbers of most vehicles in Europe, America and Asia begin
/// with (ISO 3780).
const MAKERS: &str = "WVW WV1 WV2 WVG WAU WUA WBA WBS WBY WMW WDB WDC WDD WDF W1K W1N W1V WME WP0 WP1 W0L W0V WF0 VF1 \
    VF3 VF6 VF7 VF8 VR1 VR3 VR7 VNK VSS VSX VS6 VS7 TMB TMA TRU TSM TK9 ZFA ZFF ZAR ZLA ZHW SAL SAJ SB1 SHH SJN SCF SCB \
    YV1 YV4 YS3 UU1 U5Y XTA NM0 NMT KMH KNA KNM KPT JTD JTE JTM JTH JHM JN1 JM1 JMZ JF1 JF2 JMB JS1 JS2 JS3 JT1 JT2 JT3 \
    1FA 1FM 1FT 1G1 1GC 1GN 1GT 1HG 1J4 1C3 1C4 1C6 1N4 1N6 1VW 19X 2C3 2C4 2FM 2G1 2HG 2HK 2HM 2T1 2T3 3C6 3FA 3G1 3GN \
    3HG 3MZ 3N1 3VW 4S3 4S4 4T1 4T3 5FN 5J6 5N1 5NP 5TD 5TF 5UX 5XX 5YJ 7SA LFV LSV LVS LRW LVV MA3 MAL MR0 9BW 93H 8AF";

/// Looks whether a text is the number of a vehicle: seventeen letters and digits without I, O and Q, of which the ninth
/// checks the others in North America and China, and the first three say who made it.
///
/// Source: ISO 3779; 49 CFR 565.15 (the check digit).
pub fn look_for_vin(text: &str, sightings: &mut Sightings) {
    const VALUES: &[u8; 36] = b"012345678912345678.12345.7.923456789";
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    if text.len() != WEIGHTS.len() {
        return;
    }
    let value = |c: char| {
        let value = VALUES[c.to_digit(36)? as usize];
        char::from(value).to_digit(10)
    };
    let mut sum = 0;
    for (c, weight) in text.chars().zip(WEIGHTS) {
        let Some(value) = value(c) else { return };
        sum += value * weight;
    }
    // The last four are digits.
    if !text[13..].bytes().all(|c| c.is_ascii_digit()) {
        return;
    }
    let check = match sum % 11 {
        10 => 'X',
        digit => char::from(b'0' + digit as u8),
    };
    let is_checked = text[8..].chars().next().map(|c| c.to_ascii_uppercase()) == Some(check);
    let maker = text[..3].to_ascii_uppercase();
    let is_known = MAKERS.split_ascii_whitespace().any(|known| known == maker);
    sightings.check(Form::Vin, is_checked || is_known);
}

/// Looks whether a short text is a plate.
pub fn look(text: &str, sightings: &mut Sightings) {
    german(text, sightings);
    let mut compact = [0u8; 8];
    let mut count = 0;
    for c in text.bytes() {
        match c {
            b'-' | b' ' => {}
            c if c.is_ascii_alphanumeric() && count < 8 => {
                compact[count] = c.to_ascii_uppercase();
                count += 1;
            }
            _ => return,
        }
    }
    let compact = &compact[..count];
    let is = |pattern: &str| {
        compact.len() == pattern.len()
            && compact
                .iter()
                .zip(pattern.bytes())
                .all(|(c, wanted)| match wanted {
                    b'9' => c.is_ascii_digit(),
                    _ => c.is_ascii_alphabetic(),
                })
    };
    let none_of = |letters: &[u8]| compact.iter().all(|c| !letters.contains(c));
    let groups: Vec<usize> = text.split(['-', ' ']).map(str::len).collect();
    if is("AA99AAA") && matches!(groups.as_slice(), [7] | [4, 3]) {
        let age = (compact[2] - b'0') * 10 + compact[3] - b'0';
        let is_age = matches!(age, 2..=29 | 51..=79);
        let is_place = compact[..2].iter().all(|c| *c != b'Z');
        sightings.check(Form::PlateBritish, is_age && is_place && none_of(b"IQ"));
    }
    if is("AA999AA") && matches!(groups.as_slice(), [7] | [2, 3, 2]) {
        let zeros = compact[2..5] == *b"000";
        sightings.check(Form::PlateFrench, !zeros && none_of(b"IOU"));
    }
    if is("9999AAA") && matches!(groups.as_slice(), [7] | [4, 3]) {
        sightings.check(Form::PlateSpanish, none_of(b"AEIOUQ"));
    }
    let dutch = match groups.as_slice() {
        [2, 2, 2] => {
            let letters = compact.iter().filter(|c| c.is_ascii_alphabetic()).count();
            matches!(letters, 2 | 4)
                && compact.len() == 6
                && compact
                    .chunks(2)
                    .all(|pair| pair[0].is_ascii_digit() == pair[1].is_ascii_digit())
        }
        [2, 3, 1] => is("99AAA9") || is("AA999A"),
        [1, 3, 2] => is("9AAA99") || is("A999AA"),
        [3, 2, 1] => is("AAA99A"),
        [1, 2, 3] => is("A99AAA"),
        _ => false,
    };
    if dutch && text.contains('-') {
        sightings.check(Form::PlateDutch, none_of(b"AEIOUCQY"));
    }
}

/// Districts whose letters are on plates, those of old ones that are issued again among them. Single letters are told
/// apart in the code.
const DISTRICTS: &str = " AA AB AC AD AE AH AK AM AN AO AP AS AT AU AW AZ BA BB BC BD BE BF BG BH BI BK BL BM BN BO BP BR BS \
    BT BW BZ CA CB CE CO CR CW DA DB DD DE DH DI DL DM DN DO DU DW DZ EA EB ED EE EF EG EH EI EL EM EN ER ES EU EW FB FD FF \
    FG FI FL FN FO FR FS FT FU FW FZ GA GC GD GE GF GG GI GK GL GM GN GP GR GS GT GV GW GZ HA HB HC HD HE HF HG HH HI HK HL \
    HM HN HO HP HR HS HU HV HX HY HZ IK IL IN IS IZ JE JL JÜ KA KB KC KE KF KG KH KI KK KL KM KN KO KR KS KT KU KW KY LA LB LC \
    LD LE LF LG LH LI LL LM LN LO LP LR LU LÜ MA MB MC MD ME MG MH MI MK ML MM MN MO MQ MR MS MT MU MW MY MZ MÜ NB ND NE NF NH \
    NI NK NM NO NP NR NT NU NV NW NY NÖ OA OB OC OD OE OF OG OH OK OL OP OR OS OZ ÖH PA PB PE PF PI PK PL PM PN PR PS PW PZ QB \
    QI QL QF RA RC RD RE RG RH RI RL RM RN RO RP RS RT RU RV RW RY RZ RÜ SB SC SE SF SG SH SI SK SL SM SN SO SP SR ST SU SW SY \
    SZ SÜ TE TF TG TO TP TR TS TT TÜ UE UH UL UM UN VB VE VG VK VS WA WB WD WE WF WH WI WK WL WM WN WO WR WS WT WU WW WZ WÜ XN \
    ZE ZI ZP ZR ZS ZW ZZ ABG ABI AIB AIC ALF ALZ ANA ANG ANK APD ARN ART ASL ASZ AUR AZE BAD BAR BBG BCH BED BER BGD BGL BID BIN \
    BIR BIT BIW BKS BLB BLK BNA BOG BOH BOR BOT BRA BRB BRG BRI BRK BRL BRV BSB BSK BTF BUD BUL BÜD BÜR BÜS BÜZ BZA CAS CHA CLP CLZ \
    COC COE CUX DAH DAN DAU DBR DEG DEL DGF DIL DIN DKB DLG DON DUD DÜW EBE EBN EBS ECK EHI EIC EIH EIL EIN EIS EMD EMS ERB ERH ERK \
    ERZ ESB ESW FDB FDS FEU FFB FKB FLÖ FOR FRG FRI FRW FTL FÜS GAN GAP GDB GEL GEM GEO GER GHA GHC GLA GMN GNT GOA GOH GRA GRH GRI \
    GRM GRZ GTH GUB GUN GVM GZW HAB HAL HAM HAS HBN HBS HCH HDH HDL HEB HEF HEI HER HET HGN HGW HHM HIG HIP HMÜ HOG HOH HOL HOM HOR \
    HOT HRO HSK HST HVL HWI IGB ILL IOK JEV JÜL KAR KEH KEL KEM KIB KLE KLZ KÖN KÖT KÖZ KRU KÜN KUS KYF LAN LAU LBS LBZ LDK LDS LEO \
    LER LEV LIB LIF LIP LOS LÖB LÖN LRO LSA LSN LSZ LUK LUN LWL MAB MAI MAK MAL MAR MED MEG MEI MEK MEL MER MET MGH MGN MHL MIL MKK \
    MOD MOL MON MOS MSE MSH MSP MST MTK MTL MÜB MÜN MÜR MVL MYK MZG NAB NAI NAU NDH NEA NEB NEC NEN NES NEW NLD NMB NMS NOH NOL NOM \
    NOR NRÜ NVP NWM NZ OAL OBB OBG OCH OHA OHV OHZ OPR OSL OTW OVI OVL OVP PAF PAN PAR PCH PEG PIR PLÖ PRÜ QFT QLB REG REH REI RID RIE \
    ROD ROF ROH ROK ROL ROS ROT ROW RPL RSL RÜD RÜG SAB SAD SAL SAN SAW SBG SBK SCZ SDH SDL SDT SEB SEE SEF SEL SFB SFT SGH SHA SHG \
    SHK SHL SIG SIM SLE SLF SLK SLN SLS SLÜ SLZ SMÜ SOB SOG SOK SÖM SON SPB SPN SRB SRO STA STB STD STE STL STO SUL SWA SÜW SZB TBB \
    TDO TET TIR TÖL TÜB TUT UEM UER UFF USI VAI VEC VER VIB VIE VIT VOH WAF WAK WAN WAR WAT WBS WDA WEL WEN WER WES WHV WIL WIS WIT WIZ \
    WLG WMS WND WOB WOH WOL WOR WOS WRN WSF WST WSW WTL WTM WUG WUN WUR WZL ZEL ZIG ";

/// District, letters, number: `B-AB 1234`, `HH AB 123E`.
fn german(text: &str, sightings: &mut Sightings) {
    let mut parts = text.split(['-', ' ', ':']).filter(|part| !part.is_empty());
    let (Some(district), Some(letters), number, None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return;
    };
    // Letters and number may stand together.
    let (letters, number) = match number {
        Some(number) => (letters, number),
        None => letters.split_at(
            letters
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(letters.len()),
        ),
    };
    let is_letters = |text: &str, most: usize| {
        (1..=most).contains(&text.chars().count()) && text.chars().all(char::is_alphabetic)
    };
    let digits = number.trim_end_matches(['E', 'H', 'e', 'h']);
    let is_number = (1..=4).contains(&digits.len())
        && digits.bytes().all(|c| c.is_ascii_digit())
        && !digits.starts_with('0')
        && number.len() <= digits.len() + 1;
    if !is_letters(district, 3) || !is_letters(letters, 2) || !letters.is_ascii() || !is_number {
        return;
    }
    let district = district.to_uppercase();
    let is_known = match district.len() {
        1 => "ABCDEFGHJKLMNPRSVWYZ".contains(&district),
        _ => DISTRICTS
            .split_ascii_whitespace()
            .any(|known| known == district),
    };
    sightings.check(Form::PlateGerman, is_known);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vehicle_numbers_have_a_maker_or_a_check_digit() {
        let look = |text: &str| {
            let mut sightings = Sightings::default();
            look_for_vin(text, &mut sightings);
            (sightings.is_shaped(Form::Vin), sightings.sees(Form::Vin))
        };
        // The example of 49 CFR 565.15, and seventeen times the digit one, whose check digit is one.
        assert_eq!(look("1M8GDM9AXKP042788"), (true, true));
        assert_eq!(look("11111111111111111"), (true, true));
        assert_eq!(look("1M8GDM9A1KP042788"), (true, false));
        // European numbers have no check digit.
        assert_eq!(look("WVWZZZ1JZ3W386752"), (true, true));
        assert_eq!(look("wvwzzz1jz3w386752"), (true, true));
        assert_eq!(look("QQQZZZ1JZ3W386752"), (false, false));
        for other in ["WVWZZZ1JZ3W38675", "WVWZZZ1JZ3W38I752", "WVWZZZ1JZ3WABCDEF"] {
            assert_eq!(look(other), (false, false), "{other}");
        }
    }
}
