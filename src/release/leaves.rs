//! The leaves of a table's columns: of a flat column itself, of a nested one every part that holds values.

use arrow::datatypes::{DataType, Fields, TimeUnit};

use super::input::{Domain, Input, unit};

/// What the elements of a list, and the keys and values of a map, are called in a path.
pub const ELEMENT: &str = "element";
pub const ENTRY: [&str; 2] = ["key", "value"];

/// A flat column, or a part of a nested one that holds values.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// The names that lead to it: `age`, `contact.phone`, `tags.element`, `labels.value`.
    pub path: String,
    /// Its column among those of the input.
    pub column: usize,
    /// `None` where its values cannot be decoded.
    pub domain: Option<Domain>,
    /// The type in the first file that has it.
    pub data_type: DataType,
    /// The finest time unit of any file.
    pub unit: Option<TimeUnit>,
    pub nested: bool,
}

/// The leaves of all columns, in their order. Files that nest a column in different ways have the leaves of all of
/// them.
pub fn leaves(input: &Input) -> Vec<Leaf> {
    let mut leaves: Vec<Leaf> = Vec::new();
    for (column, described) in input.columns.iter().enumerate() {
        if !is_nested(&described.data_type) || described.domain.is_some() {
            leaves.push(Leaf {
                path: described.name.clone(),
                column,
                domain: described.domain,
                data_type: described.data_type.clone(),
                unit: described.unit,
                nested: false,
            });
            continue;
        }
        let first = leaves.len();
        for schema in input.schemas() {
            let Ok(field) = schema.field_with_name(&described.name) else {
                continue;
            };
            parts(
                &described.name,
                field.data_type(),
                &mut |path, data_type| {
                    let domain = Domain::of(data_type);
                    let known = leaves[first..]
                        .iter_mut()
                        .find(|leaf| leaf.path == path && leaf.domain == domain);
                    match known {
                        Some(leaf) => leaf.unit = leaf.unit.max(unit(data_type)),
                        None => leaves.push(Leaf {
                            path: path.to_owned(),
                            column,
                            domain,
                            data_type: data_type.clone(),
                            unit: unit(data_type),
                            nested: true,
                        }),
                    }
                },
            );
        }
    }
    leaves
}

/// Each part of a type that holds values, and the path to it.
fn parts(path: &str, data_type: &DataType, found: &mut impl FnMut(&str, &DataType)) {
    match data_type {
        DataType::Struct(fields) if !is_variant(fields) => {
            for field in fields {
                let path = format!("{path}.{}", field.name());
                parts(&path, field.data_type(), found);
            }
        }
        DataType::List(element)
        | DataType::LargeList(element)
        | DataType::ListView(element)
        | DataType::LargeListView(element)
        | DataType::FixedSizeList(element, _) => {
            parts(&format!("{path}.{ELEMENT}"), element.data_type(), found);
        }
        DataType::Map(entries, _) => {
            let DataType::Struct(fields) = entries.data_type() else {
                return found(path, data_type);
            };
            for (field, name) in fields.iter().zip(ENTRY) {
                parts(&format!("{path}.{name}"), field.data_type(), found);
            }
        }
        _ => found(path, data_type),
    }
}

pub fn is_nested(data_type: &DataType) -> bool {
    match data_type {
        DataType::Struct(fields) => !is_variant(fields),
        other => other.is_nested() && !matches!(other, DataType::Dictionary(_, _)),
    }
}

/// Whether a group is a VARIANT: its cells are a binary format of their own, marked or not.
/// Source: Parquet format, VariantEncoding.md and VariantShredding.md.
pub fn is_variant(fields: &Fields) -> bool {
    let is_bytes = |name: &str| {
        let field = fields.iter().find(|field| field.name() == name);
        field.is_some_and(|field| Domain::of(field.data_type()) == Some(Domain::Bytes))
    };
    let shredded = fields.iter().any(|field| field.name() == "typed_value");
    is_bytes("metadata") && (is_bytes("value") || shredded) && fields.len() <= 3
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::datatypes::Field;

    use super::*;

    fn field(name: &str, data_type: DataType) -> Field {
        Field::new(name, data_type, true)
    }

    fn paths(data_type: &DataType) -> Vec<String> {
        let mut found = Vec::new();
        parts("c", data_type, &mut |path, _| found.push(path.to_owned()));
        found
    }

    #[test]
    fn paths_of_nested_types() {
        let person = DataType::Struct(Fields::from(vec![
            field("phone", DataType::Utf8),
            field(
                "mails",
                DataType::List(Arc::new(field("item", DataType::Utf8))),
            ),
        ]));
        assert_eq!(paths(&person), ["c.phone", "c.mails.element"]);
        let entries = DataType::Struct(Fields::from(vec![
            field("keys", DataType::Utf8),
            field("values", person),
        ]));
        let map = DataType::Map(Arc::new(field("entries", entries)), false);
        assert_eq!(
            paths(&map),
            ["c.key", "c.value.phone", "c.value.mails.element"]
        );
        let fixed = DataType::FixedSizeList(Arc::new(field("x", map)), 2);
        assert_eq!(paths(&fixed)[0], "c.element.key");
        assert_eq!(paths(&DataType::Utf8), ["c"]);
    }

    #[test]
    fn a_variant_is_one_leaf() {
        let variant = |fields: Vec<Field>| DataType::Struct(Fields::from(fields));
        let plain = variant(vec![
            field("metadata", DataType::Binary),
            field("value", DataType::BinaryView),
        ]);
        assert_eq!(paths(&plain), ["c"]);
        assert!(!is_nested(&plain));
        let shredded = variant(vec![
            field("metadata", DataType::Binary),
            field("typed_value", DataType::Int64),
        ]);
        assert_eq!(paths(&shredded), ["c"]);
        let texts = variant(vec![
            field("metadata", DataType::Utf8),
            field("value", DataType::Utf8),
        ]);
        assert_eq!(paths(&texts), ["c.metadata", "c.value"]);
    }
}
