use super::*;
use crate::event::Act;

#[test]
fn what_is_taken_back_names_nothing() {
    let mut catalogue = Catalogue::default();
    let entity = |label: &str, aliases: &[&str]| {
        Event::EntityRegistered(EntityRegistered {
            key: "ana".into(),
            label: Some(label.into()),
            aliases: aliases.iter().map(|alias| Box::from(*alias)).collect(),
            id: None,
        })
    };
    let aliased = Event::EntityAliased { entity: Seq(2), aliases: vec!["Annie".into()], id: None };
    let back =
        |target| Event::Retracted(Act { target: Seq(target), by: None, said_on: None, reason: "r".into(), id: None });
    let events = [entity("Ana", &["Anna"]), aliased, entity("Ana Diaz", &[]), back(3), back(4), back(2)];
    let named = [
        ("Ana", vec!["Anna"]),
        ("Ana", vec!["Anna", "Annie"]),
        ("Ana Diaz", vec!["Anna", "Annie"]),
        ("Ana Diaz", vec!["Anna"]),
        ("Ana", vec!["Anna"]),
        // Where all is taken back, what registered the key stays.
        ("Ana", vec!["Anna"]),
    ];
    for ((seq, event), (label, aliases)) in (2..).map(Seq).zip(events).zip(named) {
        catalogue.apply_event(seq, &event);
        let ana = catalogue.entity(Seq(2)).unwrap();
        let found: Vec<&str> = ana.aliases.iter().map(|alias| &**alias).collect();
        assert_eq!((ana.label.as_deref().unwrap_or_default(), found), (label, aliases), "{seq}");
        assert_eq!(catalogue.is_registered(Seq(2)), seq < Seq(7), "{seq}");
    }
    // Described anew, the key is registered again, and nothing that was taken back comes with it.
    catalogue.apply_event(
        Seq(8),
        &Event::EntityRegistered(EntityRegistered { key: "ana".into(), label: None, aliases: Vec::new(), id: None }),
    );
    let ana = catalogue.entity(Seq(2)).unwrap();
    assert_eq!((ana.label.as_deref(), ana.aliases.len(), catalogue.is_registered(Seq(2))), (None, 0, true));
}
