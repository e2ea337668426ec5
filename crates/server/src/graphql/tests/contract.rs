//! What clients of the original count on: every type, field, argument, and in which order.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use gateway::Role;

use super::{Limits, Schemas};

/// Type by type, the fields in their order with their arguments and types.
type Shapes = BTreeMap<String, Vec<(String, String)>>;

fn shapes(sdl: &str) -> Shapes {
    let mut shapes = Shapes::new();
    for definition in parse_schema(sdl).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let TypeKind::Object(object) = definition.node.kind else { continue };
        let fields = object.fields.into_iter().map(|field| {
            let field = field.node;
            let arguments = field.arguments.iter().map(|argument| {
                assert_eq!(argument.node.default_value, None, "no argument has a default");
                format!("{}: {}", argument.node.name, argument.node.ty)
            });
            let shape = format!("({}): {}", arguments.collect::<Vec<_>>().join(", "), field.ty);
            (field.name.to_string(), shape)
        });
        shapes.entry(definition.node.name.to_string()).or_default().extend(fields);
    }
    shapes
}

fn keeps(role: Role, original: &str, types: usize, fields: usize) {
    let (original, ours) = (shapes(original), shapes(&Schemas::new(Limits::default()).sdl(role)));
    assert_eq!((original.len(), original.values().map(Vec::len).sum::<usize>()), (types, fields));
    for (name, fields) in original {
        let Some(ours) = ours.get(&name) else { panic!("{role:?}: there is no type {name}") };
        let kept: Vec<_> =
            ours.iter().filter(|(field, _)| fields.iter().any(|(old, _)| old == field)).cloned().collect();
        assert_eq!(kept, fields, "{role:?}: {name}");
        let added = ours.iter().filter(|(field, _)| fields.iter().all(|(old, _)| old != field));
        for (field, shape) in added.filter(|_| !matches!(name.as_str(), "Query" | "Mutation")) {
            assert!(!shape.ends_with('!'), "{role:?}: {name}.{field} is new, so it may be null");
        }
    }
}

const DATA: &str = include_str!("../../../tests/original/data.graphql");
const ACCOUNT: &str = include_str!("../../../tests/original/account.graphql");
const PARAMS: &str = include_str!("../../../tests/original/params.graphql");

#[test]
fn the_schema_of_a_pupil_keeps_every_type_and_field_of_the_original() {
    let own = include_str!("../../../tests/original/student.graphql");
    keeps(Role::Student, &[own, DATA, ACCOUNT, PARAMS].concat(), 48, 328);
}

#[test]
fn the_schema_of_a_guardian_keeps_every_type_and_field_of_the_original() {
    let own = include_str!("../../../tests/original/parent.graphql");
    keeps(Role::Parent, &[own, DATA, ACCOUNT, PARAMS].concat(), 49, 341);
}

#[test]
fn no_type_of_the_guardians_is_in_the_schema_of_pupils() {
    let sdl = Schemas::new(Limits::default()).sdl(Role::Student);
    let types = shapes(&sdl);
    assert!(!types.contains_key("PronoteStudent"));
    for inner in ["PronoteUserStart", "PronoteUserPupil", "StudentQuery", "AbsenceOrDelayStatus"] {
        assert!(!types.contains_key(inner), "{inner} is only a part of another type");
    }
}
