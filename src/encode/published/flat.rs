//! Nested arrays as the flat arrays of their leaves, and the row that each value stands in.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, UInt64Array};
use arrow::buffer::NullBuffer;
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Int32Type, TimeUnit};
use arrow::error::ArrowError;

use super::super::column;
use crate::release::leaves::{ELEMENT, ENTRY, is_variant};

/// The row of each value; `None` where each row has one value.
pub type RowOf<'a> = Option<&'a [u32]>;

/// Calls `visit` with each leaf of an array: its path, its values, and the row of each.
pub fn flatten(
    path: &str,
    array: &ArrayRef,
    rows: RowOf<'_>,
    visit: &mut dyn FnMut(&str, &ArrayRef, RowOf<'_>),
) -> Result<(), ArrowError> {
    match array.data_type() {
        DataType::Struct(fields) if !is_variant(fields) => {
            let group = array.as_struct();
            let present = group.nulls().filter(|nulls| nulls.null_count() > 0);
            let present = present.map(|nulls| nulls.valid_indices().collect::<Vec<_>>());
            let below = present.as_ref().map(|present| {
                let row = |at: &usize| rows.map_or(*at as u32, |rows| rows[*at]);
                present.iter().map(row).collect::<Vec<u32>>()
            });
            let rows = below.as_deref().or(rows);
            for (field, child) in fields.iter().zip(group.columns()) {
                let child = match &present {
                    None => child.clone(),
                    Some(present) => taken(child, present)?,
                };
                flatten(&format!("{path}.{}", field.name()), &child, rows, visit)?;
            }
            Ok(())
        }
        DataType::Map(_, _) => {
            let map = array.as_map();
            let offsets = map.value_offsets();
            let range = |at: usize| offsets[at] as usize..offsets[at + 1] as usize;
            let entries: ArrayRef = Arc::new(map.entries().clone());
            let (entries, rows) = elements(array, &entries, rows, range)?;
            let entries = entries.as_struct();
            for (child, name) in entries.columns().iter().zip(ENTRY) {
                flatten(&format!("{path}.{name}"), child, Some(&rows), visit)?;
            }
            Ok(())
        }
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            let offsets = list.value_offsets();
            let range = |at: usize| offsets[at] as usize..offsets[at + 1] as usize;
            below(path, elements(array, list.values(), rows, range)?, visit)
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            let offsets = list.value_offsets();
            let range = |at: usize| offsets[at] as usize..offsets[at + 1] as usize;
            below(path, elements(array, list.values(), rows, range)?, visit)
        }
        DataType::ListView(_) => {
            let list = array.as_list_view::<i32>();
            let range = |at: usize| {
                let start = list.value_offset(at) as usize;
                start..start + list.value_size(at) as usize
            };
            below(path, elements(array, list.values(), rows, range)?, visit)
        }
        DataType::LargeListView(_) => {
            let list = array.as_list_view::<i64>();
            let range = |at: usize| {
                let start = list.value_offset(at) as usize;
                start..start + list.value_size(at) as usize
            };
            below(path, elements(array, list.values(), rows, range)?, visit)
        }
        DataType::FixedSizeList(_, _) => {
            let list = array.as_fixed_size_list();
            let length = list.value_length() as usize;
            let range = |at: usize| at * length..(at + 1) * length;
            below(path, elements(array, list.values(), rows, range)?, visit)
        }
        _ => {
            visit(path, array, rows);
            Ok(())
        }
    }
}

fn below(
    path: &str,
    (elements, rows): (ArrayRef, Vec<u32>),
    visit: &mut dyn FnMut(&str, &ArrayRef, RowOf<'_>),
) -> Result<(), ArrowError> {
    flatten(&format!("{path}.{ELEMENT}"), &elements, Some(&rows), visit)
}

/// The elements of the lists that are there, one list after the other, and the row of each.
fn elements(
    lists: &ArrayRef,
    values: &ArrayRef,
    rows: RowOf<'_>,
    range: impl Fn(usize) -> std::ops::Range<usize>,
) -> Result<(ArrayRef, Vec<u32>), ArrowError> {
    let (mut places, mut of) = (Vec::new(), Vec::new());
    for at in (0..lists.len()).filter(|at| lists.is_valid(*at)) {
        let row = rows.map_or(at as u32, |rows| rows[at]);
        for place in range(at) {
            places.push(place);
            of.push(row);
        }
    }
    let together = places.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    let elements = match places.first() {
        Some(first) if together => values.slice(*first, places.len()),
        None => values.slice(0, 0),
        _ => taken(values, &places)?,
    };
    Ok((elements, of))
}

fn taken(values: &ArrayRef, places: &[usize]) -> Result<ArrayRef, ArrowError> {
    let places: UInt64Array = places.iter().map(|place| *place as u64).collect();
    take(values, &places, None)
}

/// The values of a leaf as they are compared.
pub enum Cells {
    /// As [`column::times`] gives them, and which are null.
    Numbers(Vec<i64>, Option<NullBuffer>),
    /// Bytes in an array of views.
    Bytes(ArrayRef),
    /// The same by way of a dictionary: keys, and its values as views.
    Coded(ArrayRef, ArrayRef),
}

/// The values of a leaf; those of a wide decimal are texts. `unit` is that of all files.
pub fn cells(array: &ArrayRef, unit: Option<TimeUnit>) -> Result<Cells, ArrowError> {
    match array.data_type() {
        DataType::Dictionary(key, values) => {
            let is_coded = **key == DataType::Int32 && is_bytes(values);
            match is_coded {
                true => Ok(Cells::Coded(
                    array.clone(),
                    array.as_dictionary::<Int32Type>().values().clone(),
                )),
                false => cells(&cast(array, values)?, unit),
            }
        }
        DataType::Decimal128(19.., _) | DataType::Decimal256(_, _) => {
            let texts = cast(array, &DataType::Utf8)?;
            Ok(Cells::Bytes(cast(&texts, &DataType::BinaryView)?))
        }
        other if is_bytes(other) => Ok(Cells::Bytes(cast(array, &DataType::BinaryView)?)),
        _ => {
            let mut numbers = Vec::with_capacity(array.len());
            let nulls = column::times(array, unit, &mut numbers);
            Ok(Cells::Numbers(numbers, nulls))
        }
    }
}

fn is_bytes(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_)
    )
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        FixedSizeListBuilder, Int64Array, Int64Builder, ListBuilder, MapBuilder, StringArray,
        StringBuilder, StructArray,
    };
    use arrow::buffer::NullBuffer;
    use arrow::datatypes::{Field, Fields};

    use super::*;

    type Found = Vec<(String, Vec<Option<String>>, Option<Vec<u32>>)>;

    fn leaves(array: ArrayRef) -> Found {
        let mut found = Vec::new();
        flatten("c", &array, None, &mut |path, values, rows| {
            let texts = cast(values, &DataType::Utf8).unwrap();
            let texts = texts.as_string::<i32>().iter();
            let texts = texts.map(|text| text.map(str::to_owned)).collect();
            found.push((path.to_owned(), texts, rows.map(<[u32]>::to_vec)));
        })
        .unwrap();
        found
    }

    fn some(texts: &[&str]) -> Vec<Option<String>> {
        texts.iter().map(|text| Some((*text).to_owned())).collect()
    }

    #[test]
    fn lists_with_nulls_and_empty_ones() {
        let mut lists = ListBuilder::new(StringBuilder::new());
        lists.append_value([Some("a"), Some("b")]);
        lists.append_null();
        lists.append_value([] as [Option<&str>; 0]);
        lists.append_value([None, Some("c")]);
        let array = lists.finish();
        let mut texts = some(&["a", "b", "x", "c"]);
        texts[2] = None;
        let rows = vec![0, 0, 3, 3];
        let expected = vec![("c.element".to_owned(), texts, Some(rows))];
        assert_eq!(leaves(Arc::new(array.clone())), expected);
        let sliced = leaves(Arc::new(array.slice(3, 1)));
        assert_eq!(sliced[0].1, [None, Some("c".to_owned())]);
        assert_eq!(sliced[0].2, Some(vec![0, 0]));
    }

    #[test]
    fn what_lies_under_a_null_is_no_value() {
        let phones: ArrayRef = Arc::new(StringArray::from(vec!["1", "2", "3"]));
        let fields = Fields::from(vec![Field::new("phone", DataType::Utf8, true)]);
        let nulls = NullBuffer::from(vec![true, false, true]);
        let group = StructArray::new(fields, vec![phones], Some(nulls));
        let found = leaves(Arc::new(group));
        assert_eq!(
            found,
            [("c.phone".to_owned(), some(&["1", "3"]), Some(vec![0, 2]))]
        );
    }

    #[test]
    fn maps_and_lists_of_fixed_size() {
        let mut map = MapBuilder::new(None, StringBuilder::new(), Int64Builder::new());
        map.keys().append_value("k");
        map.values().append_value(7);
        map.append(true).unwrap();
        map.append(false).unwrap();
        map.keys().append_value("l");
        map.values().append_value(8);
        map.append(true).unwrap();
        let found = leaves(Arc::new(map.finish()));
        assert_eq!(
            found[0],
            ("c.key".to_owned(), some(&["k", "l"]), Some(vec![0, 2]))
        );
        assert_eq!(
            found[1],
            ("c.value".to_owned(), some(&["7", "8"]), Some(vec![0, 2]))
        );
        let mut pairs = FixedSizeListBuilder::new(Int64Builder::new(), 2);
        for pair in [Some([1, 2]), None, Some([3, 4])] {
            for number in pair.unwrap_or([9, 9]) {
                pairs.values().append_value(number);
            }
            pairs.append(pair.is_some());
        }
        let found = leaves(Arc::new(pairs.finish()));
        assert_eq!(found[0].1, some(&["1", "2", "3", "4"]));
        assert_eq!(found[0].2, Some(vec![0, 0, 2, 2]));
        let flat: ArrayRef = Arc::new(Int64Array::from(vec![5]));
        assert_eq!(leaves(flat), [("c".to_owned(), some(&["5"]), None)]);
    }
}
