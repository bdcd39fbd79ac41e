//! A page as a tree, made by html5ever by the rules of the HTML standard. Nodes are numbered, so a tree of any depth is
//! walked and dropped without recursion.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, parse_document};

/// The number of a node; 0 is the document.
pub(super) type NodeNumber = usize;

/// A node of a page.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) what: What,
    pub(super) children: Vec<NodeNumber>,
    parent: Option<NodeNumber>,
}

/// What a node is.
#[derive(Debug, Default)]
pub(super) enum What {
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
        /// The tree inside a `template`, which is no child.
        inside: Option<NodeNumber>,
    },
    Text(String),
    /// The document itself, a comment, or an instruction.
    #[default]
    Other,
}

impl Node {
    /// An element's name, in small letters.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.what {
            What::Element { name, .. } => Some(&name.local),
            _ => None,
        }
    }

    pub(super) fn attribute(&self, wanted: &str) -> Option<&str> {
        let What::Element { attributes, .. } = &self.what else { return None };
        attributes.iter().find(|attribute| &*attribute.name.local == wanted).map(|found| &*found.value)
    }
}

/// A page.
#[derive(Debug)]
pub(super) struct Page {
    nodes: Vec<Node>,
}

impl Page {
    /// Every text is a page.
    pub(super) fn parse(text: &str) -> Page {
        // Without scripts, what stands in `noscript` is a tree as well.
        let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
        let options = ParseOpts { tree_builder, ..ParseOpts::default() };
        let builder = Builder { nodes: RefCell::new(vec![Node::default()]) };
        parse_document(builder, options).one(text)
    }

    pub(super) fn node(&self, number: NodeNumber) -> Option<&Node> {
        self.nodes.get(number)
    }

    /// The nodes below a node that hold text, put together.
    pub(super) fn text_of(&self, node: &Node) -> String {
        let texts = node.children.iter().filter_map(|child| self.node(*child));
        texts.filter_map(|child| if let What::Text(text) = &child.what { Some(text.as_str()) } else { None }).collect()
    }
}

struct Builder {
    nodes: RefCell<Vec<Node>>,
}

/// An element's name, as html5ever asks for it.
#[derive(Debug)]
struct Named(QualName);

impl ElemName for Named {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl Builder {
    fn add(&self, what: What) -> NodeNumber {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { what, ..Node::default() });
        nodes.len() - 1
    }

    fn with<T>(&self, number: NodeNumber, job: impl FnOnce(&mut Node) -> T) -> Option<T> {
        self.nodes.borrow_mut().get_mut(number).map(job)
    }

    /// Puts a node or a text at a place among the children of a node. Texts beside each other are one.
    fn put(&self, parent: NodeNumber, place: usize, child: NodeOrText<NodeNumber>) {
        let child = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(text) => {
                let before = place
                    .checked_sub(1)
                    .and_then(|place| self.with(parent, |node| node.children.get(place).copied()).flatten());
                let is_joined = before.and_then(|before| {
                    self.with(before, |node| match &mut node.what {
                        What::Text(known) => {
                            known.push_str(&text);
                            true
                        }
                        _ => false,
                    })
                });
                if is_joined == Some(true) {
                    return;
                }
                self.add(What::Text(text.to_string()))
            }
        };
        self.with(child, |node| node.parent = Some(parent));
        self.with(parent, |node| node.children.insert(place.min(node.children.len()), child));
    }

    fn children_count(&self, parent: NodeNumber) -> usize {
        self.with(parent, |node| node.children.len()).unwrap_or(0)
    }

    /// The parent of a node, and the node's place among the children.
    fn place(&self, number: NodeNumber) -> Option<(NodeNumber, usize)> {
        let parent = self.with(number, |node| node.parent).flatten()?;
        let place = self.with(parent, |node| node.children.iter().rposition(|child| *child == number)).flatten()?;
        Some((parent, place))
    }
}

impl TreeSink for Builder {
    type Handle = NodeNumber;
    type Output = Page;
    type ElemName<'a> = Named;

    fn finish(self) -> Page {
        Page { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeNumber {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a NodeNumber) -> Named {
        let name = self.with(*target, |node| match &node.what {
            What::Element { name, .. } => Some(name.clone()),
            _ => None,
        });
        let nameless = || QualName::new(None, Namespace::default(), LocalName::default());
        Named(name.flatten().unwrap_or_else(nameless))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeNumber {
        let inside = flags.template.then(|| self.add(What::Other));
        self.add(What::Element { name, attributes, inside })
    }

    fn create_comment(&self, _: StrTendril) -> NodeNumber {
        self.add(What::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeNumber {
        self.add(What::Other)
    }

    fn append(&self, parent: &NodeNumber, child: NodeOrText<NodeNumber>) {
        self.put(*parent, self.children_count(*parent), child);
    }

    fn append_based_on_parent_node(&self, element: &NodeNumber, before: &NodeNumber, child: NodeOrText<NodeNumber>) {
        if self.place(*element).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(before, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &NodeNumber) -> NodeNumber {
        let inside =
            self.with(*target, |node| if let What::Element { inside, .. } = &node.what { *inside } else { None });
        inside.flatten().unwrap_or(*target)
    }

    fn same_node(&self, one: &NodeNumber, other: &NodeNumber) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeNumber, child: NodeOrText<NodeNumber>) {
        if let NodeOrText::AppendNode(node) = &child {
            self.remove_from_parent(node);
        }
        if let Some((parent, place)) = self.place(*sibling) {
            self.put(parent, place, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeNumber, more: Vec<Attribute>) {
        self.with(*target, |node| {
            if let What::Element { attributes, .. } = &mut node.what {
                let is_new = |new: &Attribute| attributes.iter().all(|known| known.name != new.name);
                let new: Vec<Attribute> = more.into_iter().filter(is_new).collect();
                attributes.extend(new);
            }
        });
    }

    fn remove_from_parent(&self, target: &NodeNumber) {
        if let Some((parent, place)) = self.place(*target) {
            self.with(parent, |node| node.children.remove(place));
            self.with(*target, |node| node.parent = None);
        }
    }

    fn reparent_children(&self, node: &NodeNumber, parent: &NodeNumber) {
        let moved = self.with(*node, |node| std::mem::take(&mut node.children)).unwrap_or_default();
        for child in &moved {
            self.with(*child, |node| node.parent = Some(*parent));
        }
        self.with(*parent, |node| node.children.extend(moved));
    }
}
