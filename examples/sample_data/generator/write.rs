//! Tables, and their way into Parquet files whose every byte is determined.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Schema};
use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::Outcome;

/// Columns of equal length, without nulls.
#[derive(Default)]
pub struct Table {
    columns: Vec<(&'static str, ArrayRef)>,
    times: Vec<&'static str>,
}

impl Table {
    pub fn text<S: AsRef<str>>(
        mut self,
        name: &'static str,
        values: impl Iterator<Item = S>,
    ) -> Self {
        let array = StringArray::from_iter_values(values);
        self.columns.push((name, Arc::new(array)));
        self
    }

    pub fn integer(mut self, name: &'static str, values: impl Iterator<Item = i64>) -> Self {
        let values = values.map(|v| i32::try_from(v).expect("ages and the like are small"));
        let array = Int32Array::from_iter_values(values);
        self.columns.push((name, Arc::new(array)));
        self
    }

    pub fn count(mut self, name: &'static str, values: impl Iterator<Item = i64>) -> Self {
        let array = Int64Array::from_iter_values(values);
        self.columns.push((name, Arc::new(array)));
        self
    }

    /// Instants from seconds since 1970.
    pub fn instant(mut self, name: &'static str, seconds: impl Iterator<Item = i64>) -> Self {
        let micros = seconds.map(|s| s * 1_000_000);
        let array = TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC");
        self.columns.push((name, Arc::new(array)));
        self.times.push(name);
        self
    }

    /// Euros from cents.
    pub fn price(mut self, name: &'static str, cents: impl Iterator<Item = i64>) -> Self {
        let array = Decimal128Array::from_iter_values(cents.map(i128::from))
            .with_precision_and_scale(8, 2)
            .expect("8 and 2 are a valid precision and scale");
        self.columns.push((name, Arc::new(array)));
        self
    }

    /// Degrees from micro-degrees.
    pub fn degrees(mut self, name: &'static str, micro: impl Iterator<Item = i64>) -> Self {
        let array = Float64Array::from_iter_values(micro.map(|m| m as f64 / 1_000_000.0));
        self.columns.push((name, Arc::new(array)));
        self
    }

    /// Writes the table as one Parquet file, and the folders it lies in.
    pub fn write(self, path: &Path) -> Outcome {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut properties = WriterProperties::builder()
            // Without this, every update of the library would change the files.
            .set_created_by("reidrisk sample data".to_owned())
            // Levels below 5 use the same search on every processor.
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_max_row_group_row_count(Some(100_000));
        for name in self.times {
            // Hardly an instant occurs twice: a dictionary would be a second copy.
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(name), false);
        }
        let (fields, arrays): (Vec<_>, Vec<_>) = self
            .columns
            .into_iter()
            .map(|(name, array)| (Field::new(name, array.data_type().clone(), false), array))
            .unzip();
        let schema = Arc::new(Schema::new(fields));
        let options = ArrowWriterOptions::new()
            .with_properties(properties.build())
            .with_skip_arrow_metadata(true);
        let mut writer =
            ArrowWriter::try_new_with_options(File::create(path)?, schema.clone(), options)?;
        writer.write(&RecordBatch::try_new(schema, arrays)?)?;
        writer.close()?;
        Ok(())
    }
}
