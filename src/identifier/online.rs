//! What identifies a person on the net: addresses of mail, profiles, devices and machines, anywhere in a text.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::forms::{Form, Sightings};

/// Looks for all of them in a text that was [cleaned](super::forms::cleaned).
pub fn look(text: &str, sightings: &mut Sightings) {
    let bytes = text.as_bytes();
    if bytes.contains(&b'@') && emails(text) {
        sightings.see(Form::Email);
    }
    handle(text, sightings);
    if bytes.contains(&b'/') && has_profile(text) {
        sightings.see(Form::Profile);
    }
    for word in text.split(|c: char| c.is_whitespace() || "\"'<>()[]{},;=|".contains(c)) {
        let word = word.trim_end_matches('.');
        match word.len() {
            0..7 => {}
            7..=15 if word.as_bytes()[0].is_ascii_digit() => ipv4(word, sightings),
            _ => {}
        }
        if (12..=24).contains(&word.len()) && is_mac(word.as_bytes()) {
            sightings.see(Form::Mac);
        } else if (9..=45).contains(&word.len()) && is_ipv6(word) {
            sightings.see(Form::Ipv6);
        }
        if word.len() >= 36 && word.is_ascii() && has_uuid(word.as_bytes()) {
            sightings.see(Form::Uuid);
        }
    }
}

/// A name on a network as it is called there: one word after an `@`.
fn handle(text: &str, sightings: &mut Sightings) {
    let name = text.strip_prefix('@');
    let word = name.unwrap_or(text);
    let is_word = (3..=30).contains(&word.len())
        && word
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.'))
        && word.bytes().any(|c| c.is_ascii_alphabetic());
    if is_word {
        sightings.check(Form::Handle, name.is_some());
    }
}

/// `anna at example dot org`: an address of mail as it is spelt out.
pub fn spelt_out(text: &str, sightings: &mut Sightings) {
    let lower = text.to_ascii_lowercase();
    let Some((_, after)) = lower.split_once(" at ") else {
        return;
    };
    if after.contains(" dot ") && emails(&lower.replace(" at ", "@").replace(" dot ", ".")) {
        sightings.see(Form::Email);
    }
}

/// Whether some `@` stands in an address: RFC 5321 addr-spec without quoted local parts and address literals, letters
/// of any script (RFC 6531).
fn emails(text: &str) -> bool {
    let is_atom = |c: char| c.is_alphanumeric() || "!#$&'*+-/=?^_`{|}~.%".contains(c);
    let is_domain = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    text.match_indices('@').take(64).any(|(at, _)| {
        let before = &text[..at];
        let local = before.trim_end_matches(is_atom).len();
        let local = before[local..].trim_start_matches(['\'', '/', '=', '?', '&', '.']);
        // In an URL what is before a user is no part of it.
        let local = local.rsplit(['/', '=', '&', '?']).next().unwrap_or(local);
        let after = &text[at + 1..];
        let end = after.find(|c| !is_domain(c)).unwrap_or(after.len());
        // `git@host:path` is where a programme logs in.
        let is_remote = after[end..].starts_with(':') && local == "git";
        is_address(local, after[..end].trim_end_matches(['.', '-'])) && !is_remote
    })
}

fn is_address(local: &str, domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    (1..=64).contains(&local.len())
        && local.chars().any(char::is_alphanumeric)
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && domain.len() <= 253
        && domain.split('.').all(label)
        && (top.chars().count() >= 2 && top.chars().all(char::is_alphabetic)
            || top.starts_with("xn--"))
}

/// Where a person has a page: the host, what stands before the name, and names that are no persons.
const PROFILES: &[(&str, &[&str], &[&str])] = &[
    ("linkedin.com", &["in/", "pub/"], &[]),
    (
        "facebook.com",
        &["profile.php?id=", "people/", ""],
        &[
            "sharer",
            "sharer.php",
            "share",
            "pages",
            "events",
            "groups",
            "watch",
            "marketplace",
            "hashtag",
            "login",
            "tr",
            "plugins",
            "dialog",
            "help",
            "policies",
            "business",
            "photo.php",
            "photo",
            "story.php",
            "media",
        ],
    ),
    (
        "instagram.com",
        &[""],
        &[
            "p", "reel", "reels", "explore", "stories", "tv", "accounts", "about",
        ],
    ),
    (
        "twitter.com",
        &[""],
        &[
            "home", "intent", "share", "search", "hashtag", "i", "explore", "login", "settings",
        ],
    ),
    (
        "x.com",
        &[""],
        &[
            "home", "intent", "share", "search", "hashtag", "i", "explore", "login", "settings",
        ],
    ),
    ("xing.com", &["profile/"], &[]),
    ("tiktok.com", &["@"], &[]),
    ("threads.net", &["@"], &[]),
    ("threads.com", &["@"], &[]),
    ("youtube.com", &["@", "user/"], &[]),
    ("medium.com", &["@"], &[]),
    ("t.me", &[""], &["s", "joinchat", "share", "addstickers"]),
    ("vk.com", &["id"], &[]),
    ("reddit.com", &["user/", "u/"], &[]),
    ("snapchat.com", &["add/"], &[]),
    ("orcid.org", &[""], &["oauth", "signin", "register", "help"]),
    ("researchgate.net", &["profile/"], &[]),
    ("strava.com", &["athletes/"], &[]),
    ("flickr.com", &["people/"], &[]),
    ("bsky.app", &["profile/"], &[]),
    ("keybase.io", &[""], &["docs", "blog", "download", "team"]),
    ("gravatar.com", &["avatar/"], &[]),
    ("wa.me", &[""], &["message"]),
    ("about.me", &[""], &["signup", "login"]),
];

/// Whether a page of one person is named. Of code hosts a name alone is a person or an organisation, a name with a
/// project is a project.
fn has_profile(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_end = |c: char| c.is_whitespace() || "\"'<>()[]{},;".contains(c);
    let starts = |at: usize| {
        let before = lower[..at].chars().next_back();
        before.is_none_or(|c| c == '/' || c == '.' || c == '@' || is_end(c) || c == ':')
    };
    let name = |path: &str| -> Option<(String, String)> {
        let path = &path[..path.find(is_end).unwrap_or(path.len())];
        let path = path.split('#').next().unwrap_or(path);
        let end = path.find(['/', '?', '&']).unwrap_or(path.len());
        let (name, rest) = path.split_at(end);
        let is_name = name.len() >= 2 && name.chars().any(|c| c.is_alphanumeric());
        is_name.then(|| (name.to_owned(), rest.to_owned()))
    };
    for (host, before, others) in PROFILES {
        for (at, _) in lower.match_indices(host) {
            let Some(path) = lower[at + host.len()..].strip_prefix('/') else {
                continue;
            };
            if !starts(at) {
                continue;
            }
            let path = before.iter().find_map(|before| path.strip_prefix(before));
            if let Some((name, _)) = path.and_then(name)
                && !others.contains(&name.as_str())
            {
                return true;
            }
        }
    }
    for host in ["github.com/", "gitlab.com/"] {
        for (at, _) in lower.match_indices(host) {
            const PAGES: &[&str] = &[
                "about", "features", "pricing", "orgs", "topics", "login", "explore", "settings",
            ];
            if let Some((name, rest)) = name(&lower[at + host.len()..])
                && starts(at)
                && rest.trim_matches('/').is_empty()
                && !PAGES.contains(&name.as_str())
            {
                return true;
            }
        }
    }
    // Fediverse: https://host/@user
    lower.match_indices("/@").any(|(at, _)| {
        let host = lower[..at].rsplit("//").next().unwrap_or_default();
        let is_host = host.contains('.')
            && host
                .chars()
                .all(|c| c.is_alphanumeric() || ".-".contains(c));
        is_host && lower[..at].contains("//") && name(&lower[at + 2..]).is_some()
    })
}

/// IEEE 802: six octets with colons or hyphens, or three groups with dots. Twelve bare hexadecimal
/// digits are not taken for one: pseudonyms look like that.
pub fn is_mac(text: &[u8]) -> bool {
    let grouped = |separator: u8, size: usize| {
        let groups = text.split(|c| *c == separator);
        let good = |group: &[u8]| group.len() == size && group.iter().all(u8::is_ascii_hexdigit);
        groups.clone().count() == 12 / size && groups.clone().all(good)
    };
    match text.len() {
        17 => grouped(b':', 2) || grouped(b'-', 2),
        14 => grouped(b'.', 4),
        _ => false,
    }
}

/// Dotted quads. With small numbers only, such as 1.2.3.4, they are as likely versions.
fn ipv4(word: &str, sightings: &mut Sightings) {
    let parts = word.split('.');
    let is_part =
        |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_digit());
    if parts.clone().count() != 4 || !parts.clone().all(is_part) {
        return;
    }
    sightings.shape(Form::Ipv4);
    let address = word.parse::<Ipv4Addr>();
    if address.is_ok_and(|address| address.octets().iter().any(|octet| *octet > 31)) {
        sightings.see(Form::Ipv4);
    }
}

/// RFC 4291, of at least four groups: fewer may be anything.
fn is_ipv6(word: &str) -> bool {
    let groups = word.split(':').filter(|group| !group.is_empty()).count();
    groups >= 4
        && word.bytes().filter(|c| *c == b':').count() >= 4
        && word.parse::<Ipv6Addr>().is_ok()
}

/// RFC 9562: groups of 8, 4, 4, 4 and 12 hexadecimal digits.
fn has_uuid(text: &[u8]) -> bool {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    text.windows(36).any(|window| {
        window
            .iter()
            .enumerate()
            .all(|(at, c)| match HYPHENS.contains(&at) {
                true => *c == b'-',
                false => c.is_ascii_hexdigit(),
            })
    })
}
