//! A small XML tree for parts that we made ourselves: read, walk, write. Knows nothing of Word.
//!
//! The parts of our own documents are small, so a tree is affordable here; people's workbooks are never read this
//! way. Text and attribute values stay escaped as they were, so writing a tree that was not touched gives the same
//! content back.

use compact_str::CompactString;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::xml_escape;

/// A child of an element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// An element.
    Element(Element),
    /// Text, still escaped.
    Text(String),
}

/// Name and value of an attribute, the value still escaped. Both are short as a rule, and then take no memory elsewhere.
pub(crate) type Attribute = (CompactString, CompactString);

/// An element with its attributes (values still escaped) and children, in order. Names and most values are short, and a
/// document has many: they lie in the element itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Element {
    pub(crate) name: CompactString,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) children: Vec<Node>,
}

impl Element {
    /// An element with attributes; the values are escaped here.
    pub(crate) fn new(name: &str, attributes: &[(&str, &str)]) -> Self {
        Element {
            name: name.into(),
            attributes: attributes.iter().map(|(n, v)| ((*n).into(), xml_escape(v).into())).collect(),
            children: Vec::new(),
        }
    }

    /// Reads one element with everything in it; `None` when the text is no well-formed XML.
    pub(crate) fn parse(xml: &str) -> Option<Element> {
        let mut reader = Reader::from_str(xml);
        let mut open: Vec<Element> = Vec::new();
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => open.push(opened(&start)?),
                Event::Empty(start) => {
                    let element = opened(&start)?;
                    match open.last_mut() {
                        Some(parent) => parent.children.push(Node::Element(element)),
                        None => return Some(element),
                    }
                }
                Event::End(_) => {
                    let element = open.pop()?;
                    match open.last_mut() {
                        Some(parent) => parent.children.push(Node::Element(element)),
                        None => return Some(element),
                    }
                }
                Event::Text(text) => push_text(&mut open, &text),
                Event::GeneralRef(name) => {
                    let name: &str = &name;
                    push_text(&mut open, &format!("&{name};"));
                }
                Event::Eof => return None,
                _ => {}
            }
        }
    }

    /// Writes the element as XML.
    pub(crate) fn write(&self, out: &mut String) {
        self.write_tag(out);
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(out),
                Node::Text(text) => out.push_str(text),
            }
        }
        self.write_end(out);
    }

    fn write_tag(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            out.push_str(value);
            out.push('"');
        }
        out.push_str(if self.children.is_empty() { "/>" } else { ">" });
    }

    fn write_end(&self, out: &mut String) {
        if !self.children.is_empty() {
            out.push_str("</");
            out.push_str(&self.name);
            out.push('>');
        }
    }

    /// Writes the element as [`Element::write`] does, and tells where in `out` every element in it stands, as
    /// [`super::xml::elements`] would find them in what was written.
    pub(crate) fn write_told(&self, out: &mut String) -> Vec<super::xml::Element> {
        let mut told = Vec::new();
        self.tell(out, &mut told, None, 0);
        told
    }

    fn tell(&self, out: &mut String, told: &mut Vec<super::xml::Element>, parent: Option<usize>, depth: usize) {
        let (at, start) = (told.len(), out.len());
        let (prefix, local) = self.name.split_once(':').unwrap_or(("", &self.name));
        told.push(super::xml::Element {
            name: self.name.clone(),
            local: if prefix.is_empty() { self.name.clone() } else { local.into() },
            tag: start..start,
            span: start..start,
            content: start..start,
            attributes: self
                .attributes
                .iter()
                .map(|(name, value)| (name.clone(), super::xml::unescaped(value)))
                .collect(),
            depth,
            parent,
            empty: self.children.is_empty(),
        });
        self.write_tag(out);
        let open = out.len();
        for child in &self.children {
            match child {
                Node::Element(element) => element.tell(out, told, Some(at), depth + 1),
                Node::Text(text) => out.push_str(text),
            }
        }
        let close = out.len();
        self.write_end(out);
        if let Some(element) = told.get_mut(at) {
            (element.tag, element.content, element.span) = (start..open, open..close, start..out.len());
        }
    }

    /// The value of an attribute, still escaped.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The child elements.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The child elements, to change.
    pub(crate) fn elements_mut(&mut self) -> impl Iterator<Item = &mut Element> {
        self.children.iter_mut().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child element of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// The first child element of this name, to change.
    pub(crate) fn child_mut(&mut self, name: &str) -> Option<&mut Element> {
        self.children.iter_mut().find_map(|child| match child {
            Node::Element(element) if element.name == name => Some(element),
            _ => None,
        })
    }

    /// Adds a child element.
    pub(crate) fn push(&mut self, element: Element) {
        self.children.push(Node::Element(element));
    }

    /// Keeps the child elements for which `keep` holds, and all text.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Element) -> bool) {
        self.children.retain(|child| match child {
            Node::Element(element) => keep(element),
            Node::Text(_) => true,
        });
    }

    /// Calls `change` for this element and everything in it, children before their parent.
    pub(crate) fn walk(&mut self, change: &mut impl FnMut(&mut Element)) {
        for child in &mut self.children {
            if let Node::Element(element) = child {
                element.walk(change);
            }
        }
        change(self);
    }
}

fn opened(start: &BytesStart<'_>) -> Option<Element> {
    let mut element = Element { name: start.name().as_ref().into(), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let mut value = CompactString::from(attribute.value);
        // It stood between single quotes and will stand between double ones.
        if value.contains('"') {
            value = value.replace('"', "&quot;").into();
        }
        element.attributes.push((attribute.key.as_ref().into(), value));
    }
    Some(element)
}

fn push_text(open: &mut [Element], text: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ => parent.children.push(Node::Text(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untouched_tree_is_written_as_it_was_read() {
        let xml = r#"<a x="1 &amp; 2"><b/><c> t&lt;x&amp;y </c>tail</a>"#;
        let mut out = String::new();
        Element::parse(xml).unwrap().write(&mut out);
        assert_eq!(out, xml);
    }

    #[test]
    fn what_is_told_of_a_written_tree_is_what_reading_it_finds() {
        let xml = r#"<w:a x="1 &amp; 2"><w:b/><c w:y='"'> t&lt;x&amp;y <d/></c>tail</w:a>"#;
        let mut out = String::from("ervoor ");
        let told = Element::parse(xml).unwrap().write_told(&mut out);
        let found = crate::package::xml::elements(&out).unwrap();
        assert_eq!(told.len(), 4);
        assert_eq!(format!("{told:?}"), format!("{found:?}"));
    }

    #[test]
    fn broken_xml_is_refused() {
        assert!(Element::parse("<a><b></a>").is_none());
        assert!(Element::parse("").is_none());
    }
}
