//! The compact protocol of Thrift, in which Parquet writes footers and page headers, read without believing any length
//! that it claims.
//!
//! Source: Apache Thrift, Thrift Compact protocol encoding.

/// Why bytes are no Thrift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// They end before what they began.
    Cut,
    /// No compact Thrift has them.
    Malformed,
    /// Structures within structures, more than any Parquet has.
    Deep,
}

pub type Result<T> = std::result::Result<T, Fault>;

/// Kinds of values.
pub const TRUE: u8 = 1;
pub const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
pub const I32: u8 = 5;
pub const I64: u8 = 6;
const DOUBLE: u8 = 7;
pub const BINARY: u8 = 8;
pub const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
pub const STRUCT: u8 = 12;

/// Structures within each other that are passed over at most.
const DEEPEST: usize = 64;

pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub fn position(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Result<u8> {
        let byte = *self.bytes.get(self.at).ok_or(Fault::Cut)?;
        self.at += 1;
        Ok(byte)
    }

    fn varint(&mut self) -> Result<u64> {
        let mut number = 0u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte > 1 {
                return Err(Fault::Malformed);
            }
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Fault::Malformed)
    }

    /// A whole number of any width.
    pub fn number(&mut self) -> Result<i64> {
        let number = self.varint()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    pub fn binary(&mut self) -> Result<&'a [u8]> {
        let length = usize::try_from(self.varint()?).map_err(|_| Fault::Malformed)?;
        let end = self.at.checked_add(length).ok_or(Fault::Malformed)?;
        let bytes = self.bytes.get(self.at..end).ok_or(Fault::Cut)?;
        self.at = end;
        Ok(bytes)
    }

    /// Gives `each` the fields of a structure, by number and kind; it reads the value and says so, or leaves it, and
    /// it is passed over.
    pub fn fields(
        &mut self,
        mut each: impl FnMut(&mut Self, i64, u8) -> Result<bool>,
    ) -> Result<()> {
        let mut id = 0i64;
        loop {
            let head = self.byte()?;
            let kind = head & 0x0f;
            if head == 0 {
                return Ok(());
            }
            id = match head >> 4 {
                0 => self.number()?,
                more => id + i64::from(more),
            };
            if i16::try_from(id).is_err() {
                return Err(Fault::Malformed);
            }
            if !each(self, id, kind)? {
                self.pass(kind, DEEPEST)?;
            }
        }
    }

    /// The kind and number of a list's values, of which each takes a byte at least.
    fn list_head(&mut self) -> Result<(u8, usize)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.varint()?).map_err(|_| Fault::Malformed)?,
            short => usize::from(short),
        };
        match count <= self.bytes.len() - self.at {
            true => Ok((head & 0x0f, count)),
            false => Err(Fault::Cut),
        }
    }

    /// Reads the structures of a list.
    pub fn structs(&mut self, mut each: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        let (kind, count) = self.list_head()?;
        if kind != STRUCT && count > 0 {
            return Err(Fault::Malformed);
        }
        (0..count).try_for_each(|_| each(self))
    }

    /// Passes over a value of a field.
    fn pass(&mut self, kind: u8, levels: usize) -> Result<()> {
        match kind {
            // In a field the kind is the value.
            TRUE | FALSE => Ok(()),
            _ => self.pass_value(kind, levels),
        }
    }

    fn pass_value(&mut self, kind: u8, levels: usize) -> Result<()> {
        let levels = levels.checked_sub(1).ok_or(Fault::Deep)?;
        match kind {
            TRUE | FALSE | BYTE => _ = self.byte()?,
            I16 | I32 | I64 => _ = self.varint()?,
            DOUBLE => {
                self.bytes.get(self.at..self.at + 8).ok_or(Fault::Cut)?;
                self.at += 8;
            }
            BINARY => _ = self.binary()?,
            LIST | SET => {
                let (kind, count) = self.list_head()?;
                for _ in 0..count {
                    self.pass_value(kind, levels)?;
                }
            }
            MAP => {
                let count = self.varint()?;
                if count == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                for _ in 0..count {
                    self.pass_value(kinds >> 4, levels)?;
                    self.pass_value(kinds & 0x0f, levels)?;
                }
            }
            STRUCT => loop {
                let head = self.byte()?;
                if head == 0 {
                    break;
                }
                if head >> 4 == 0 {
                    self.number()?;
                }
                self.pass(head & 0x0f, levels)?;
            },
            _ => return Err(Fault::Malformed),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_or_passed_over() {
        // 1: true, 2: i32 = -3, 5: "ab", 6: list of two i32, 7: {1: byte}, 20: double, 21: map {i32: binary}
        let mut bytes = vec![0x11, 0x15, 5, 0x38, 2, b'a', b'b', 0x19, 0x25, 2, 4];
        bytes.extend([0x1c, 0x13, 9, 0, 0x07, 40]);
        bytes.extend([0; 8]);
        bytes.extend([0x1b, 1, 0x58, 2, 1, b'x', 0, 0xff]);
        let mut seen = Vec::new();
        let mut reader = Reader::new(&bytes);
        let read = reader.fields(|reader, id, kind| {
            seen.push((id, kind));
            match id {
                2 => assert_eq!(reader.number()?, -3),
                5 => assert_eq!(reader.binary()?, b"ab"),
                _ => return Ok(false),
            }
            Ok(true)
        });
        assert_eq!(read, Ok(()));
        let kinds = [TRUE, I32, BINARY, LIST, STRUCT, DOUBLE, MAP];
        let ids = [1, 2, 5, 6, 7, 20, 21];
        assert_eq!(seen, ids.into_iter().zip(kinds).collect::<Vec<_>>());
        assert_eq!(reader.position(), bytes.len() - 1);
        for cut in 0..bytes.len() - 1 {
            let read = Reader::new(&bytes[..cut]).fields(|_, _, _| Ok(false));
            assert_eq!(read, Err(Fault::Cut), "{cut}");
        }
    }

    #[test]
    fn claims_beyond_the_bytes_are_not_believed() {
        let pass = |bytes: &[u8]| Reader::new(bytes).fields(|_, _, _| Ok(false));
        // A list of 2^35 structures, a text of 2^35 bytes, a map of as many numbers.
        let huge = [0x80, 0x80, 0x80, 0x80, 0x80, 1];
        assert_eq!(pass(&[&[0x19, 0xfc][..], &huge].concat()), Err(Fault::Cut));
        assert_eq!(pass(&[&[0x18][..], &huge].concat()), Err(Fault::Cut));
        assert_eq!(
            pass(&[&[0x1b][..], &huge, &[0x55]].concat()),
            Err(Fault::Cut)
        );
        assert_eq!(pass(&[0x1d]), Err(Fault::Malformed));
        assert_eq!(
            pass(&[
                0x15, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2
            ]),
            Err(Fault::Malformed)
        );
        assert_eq!(pass(&[0x1c; 10_000]), Err(Fault::Deep));
        assert_eq!(
            pass(&[&[0x19][..], &[0x19; 10_000]].concat()),
            Err(Fault::Deep)
        );
    }
}
