//! Decimal numbers, written the shortest way.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, Number, OutputType, Positioned, ServerResult, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// A `Float`, of which whole numbers are written without a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Float(f64);

impl Float {
    /// The minus one that stands where the original server had no number to give.
    pub(crate) const NONE: Float = Float(-1.0);
}

impl From<f64> for Float {
    fn from(number: f64) -> Self {
        Float(number)
    }
}

impl From<Decimal> for Float {
    fn from(number: Decimal) -> Self {
        Float(number.to_f64().unwrap_or_default())
    }
}

impl From<u32> for Float {
    fn from(number: u32) -> Self {
        Float(number.into())
    }
}

impl From<i64> for Float {
    fn from(number: i64) -> Self {
        // What the school counts is far below where this rounds.
        #[expect(clippy::cast_precision_loss, reason = "as said")]
        Float(number as f64)
    }
}

impl OutputType for Float {
    fn type_name() -> Cow<'static, str> {
        <f64 as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <f64 as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        /// Beyond it, doubles are not exact.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
            return Ok(Value::from(self.0 as i64));
        }
        Ok(Number::from_f64(self.0).map_or(Value::Null, Value::Number))
    }
}

/// An `Int`; what does not fit into one, which no school has, is 0.
pub(crate) fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or_default()
}
