// Work of people in a report, done by ONLYOFFICE Document Builder; fixtures/README.md says for what.
// builder.OpenFile(...) goes before it and builder.SaveFile("docx", ...) after it.
var doc = Api.GetDocument();
function block(tag) {
  return doc.GetAllContentControls().filter(function (c) { return c.GetTag() === tag; })[0];
}
function first(tag) { return block(tag).GetContent().GetElement(0); }
first("wa:domein:werk:opvallend").AddText(" Door ons nagekeken.");
first("wa:domein:veilig-thuis:opvallend").GetRange(0, 5).AddComment("Klopt dit nog?", "Fatima");
doc.SetTrackRevisions(true);
first("wa:domein:schoolprestaties:opvallend").AddText(" Bijgehouden zin.");
doc.SetTrackRevisions(false);
block("wa:vul:leeftijdsgroep:1:aantal").GetRange().Select();
doc.EnterText("1234");
block("wa:duiden:sterk").Delete(false);
doc.Push(block("wa:duiden:factoren").Copy());
var own = Api.CreateParagraph();
own.AddText("Eigen slotzin van de adviseur.");
doc.Push(own);
