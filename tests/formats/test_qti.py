"""QTI packages of every version that we read, and the whole bank out and back."""

import contextlib
import io
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.config import ROOT
from quizapp.formats import qti, registry
from quizapp.formats.upload import BadFile
from quizapp.rules import draft
from quizapp.services import banks, laws
from tests.make import question

CHOICE_21 = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
  identifier="choice" title="Hành lý" adaptive="false" timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
    <correctResponse><value>ChoiceA</value></correctResponse>
  </responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float">
    <defaultValue><value>0</value></defaultValue>
  </outcomeDeclaration>
  <itemBody>
    <p>Hãy xem thông báo.</p>
    <rubricBlock view="scorer"><p>Chỉ cho người chấm.</p></rubricBlock>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">
      <prompt>Thông báo nói <em>gì</em>?</prompt>
      <simpleChoice identifier="ChoiceA">Giữ sổ <b>bên mình</b>.
        <feedbackInline outcomeIdentifier="FEEDBACK" identifier="ChoiceA" showHide="show">Giỏi!</feedbackInline>
      </simpleChoice>
      <simpleChoice identifier="ChoiceB">Gửi sổ.</simpleChoice>
      <simpleChoice identifier="ChoiceC" fixed="true">Bỏ sổ.</simpleChoice>
    </choiceInteraction>
  </itemBody>
  <responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>
  <modalFeedback outcomeIdentifier="FEEDBACK" identifier="incorrect" showHide="show">
    Chưa đúng rồi, hãy xem lại.</modalFeedback>
  <modalFeedback outcomeIdentifier="FEEDBACK" identifier="correct" showHide="show">Vì sổ là của mình.</modalFeedback>
</assessmentItem>"""

SEVERAL_22 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="several" title="Nước"
  adaptive="false" timeDependent="false">
  <responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="identifier">
    <correctResponse><value>H</value><value>O</value></correctResponse>
    <mapping lowerBound="0" upperBound="2" defaultValue="-2">
      <mapEntry mapKey="H" mappedValue="1"/><mapEntry mapKey="O" mappedValue="1"/>
    </mapping>
  </responseDeclaration>
  <itemBody>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="0">
      <prompt>Chọn tất cả các phương án đúng.</prompt>
      <simpleChoice identifier="H">Hydro</simpleChoice>
      <simpleChoice identifier="He">Heli</simpleChoice>
      <simpleChoice identifier="O">Oxy</simpleChoice>
    </choiceInteraction>
  </itemBody>
  <responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>
</assessmentItem>"""

ORDER_30 = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="order" title="Thứ tự"
  time-dependent="false" xml:lang="vi">
  <qti-response-declaration identifier="RESPONSE" cardinality="ordered" base-type="identifier">
    <qti-correct-response><qti-value>C</qti-value><qti-value>A</qti-value><qti-value>B</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-item-body>
    <p>Các bước giải quyết hồ sơ.</p>
    <qti-order-interaction response-identifier="RESPONSE" shuffle="true">
      <qti-prompt><p>Sắp xếp theo thứ tự.</p></qti-prompt>
      <qti-simple-choice identifier="A">Hai</qti-simple-choice>
      <qti-simple-choice identifier="B">Ba</qti-simple-choice>
      <qti-simple-choice identifier="C">Một</qti-simple-choice>
    </qti-order-interaction>
  </qti-item-body>
  <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
  <qti-modal-feedback outcome-identifier="FEEDBACK" show-hide="show" identifier="x">
    <qti-content-body><p>Theo quy trình.</p></qti-content-body>
  </qti-modal-feedback>
</qti-assessment-item>"""

NUMBER_30 = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="number" title="Số"
  time-dependent="false">
  <qti-response-declaration identifier="R1" cardinality="single" base-type="integer">
    <qti-correct-response><qti-value>15</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-item-body>
    <p>Phải đóng đủ <qti-text-entry-interaction response-identifier="R1" expected-length="3"/> năm.</p>
    <img src="a.png" alt="biểu đồ"/>
  </qti-item-body>
  <qti-response-processing>
    <qti-response-condition>
      <qti-response-if>
        <qti-match><qti-variable identifier="R1"/><qti-correct identifier="R1"/></qti-match>
        <qti-set-outcome-value identifier="SCORE">
          <qti-base-value base-type="float">1</qti-base-value>
        </qti-set-outcome-value>
      </qti-response-if>
    </qti-response-condition>
  </qti-response-processing>
</qti-assessment-item>"""

MATCH = CHOICE_21.replace("choiceInteraction", "matchInteraction").replace('identifier="choice"', 'identifier="match"')
TRUTH = (
    CHOICE_21.replace("Gửi sổ.", "Sai").replace("ChoiceA</value>", "ChoiceB</value>")
    .replace('<simpleChoice identifier="ChoiceC" fixed="true">Bỏ sổ.</simpleChoice>', "")
    .replace("Giữ sổ <b>bên mình</b>.", "Đúng")
)  # fmt: skip


def manifest(names, version="v2p1", keywords=()):
    words = "".join(f"<keyword><string>{word}</string></keyword>" for word in keywords)
    lom = f'<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>{words}</general></lom></metadata>'
    resources = "".join(
        f'<resource identifier="r{n}" type="imsqti_item_xml{version}" href="{name}">{lom}'
        f'<file href="{name}"/></resource>'
        for n, name in enumerate(names)
    )
    return (
        '<?xml version="1.0"?><manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m">'
        "<metadata><schema>QTIv2.1 Package</schema></metadata><organizations/>"
        f"<resources>{resources}</resources></manifest>"
    )


def packed(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def package(*items, **options):
    names = [f"items/{n}.xml" for n, _ in enumerate(items)]
    return packed({"imsmanifest.xml": manifest(names, **options), **dict(zip(names, items, strict=True))})


def notes(upload):
    return [note.message % note.details for note in upload.notes]


def only(data):
    (row,) = qti.read(data).rows
    return row


def test_one_choice_of_2_1_with_its_metadata():
    row = only(package(CHOICE_21, keywords=["topic:huu-tri", "Khó", "Điều 64 khoản 1", "anything"]))
    assert row.where == "items/0.xml"
    assert row.values == {
        "id": "choice",
        "topic": "huu-tri",
        "difficulty": "apply",
        "citations": ["Điều 64 khoản 1"],
        "kind": "one",
        "stem": {"vi": "Hãy xem thông báo. Thông báo nói gì?"},
        "options": [{"vi": "Giữ sổ bên mình.", "right": True}, {"vi": "Gửi sổ."}, {"vi": "Bỏ sổ."}],
        "explanation": {"vi": "Vì sổ là của mình."},
    }
    assert not row.problems


def test_several_choices_of_2_2_that_are_marked_by_a_table():
    upload = qti.read(package(SEVERAL_22))
    values = upload.rows[0].values
    assert values["kind"] == "several"
    assert [option["vi"] for option in values["options"] if option.get("right")] == ["Hydro", "Oxy"]
    assert notes(upload) == ["Câu «Nước» có cách chấm riêng: chỉ lấy đáp án đúng đã khai báo."]


def test_an_ordering_of_3_0():
    values = only(package(ORDER_30, version="v3p0")).values
    assert values["kind"] == "order"
    assert values["stem"]["vi"] == "Các bước giải quyết hồ sơ. Sắp xếp theo thứ tự."
    assert [option["vi"] for option in values["options"]] == ["Một", "Hai", "Ba"]
    assert values["explanation"] == {"vi": "Theo quy trình."}


def test_a_whole_number_with_a_gap_and_a_plain_marking_written_out():
    upload = qti.read(package(NUMBER_30, version="v3p0"))
    values = upload.rows[0].values
    assert values["kind"] == "number" and values["answer"] == 15
    assert values["stem"]["vi"] == "Phải đóng đủ _____ năm. [biểu đồ]"
    assert notes(upload) == ["Ảnh, tệp hoặc công thức của câu «Số» không được nhập."]


def test_a_choice_of_true_and_false_is_a_statement():
    values = only(package(TRUTH)).values
    assert (values["kind"], values["answer"]) == ("truefalse", False)


def test_a_single_item_file_is_read_without_a_package():
    assert only(CHOICE_21.encode()).values["id"] == "choice"
    assert registry.recognise(CHOICE_21.encode(), "choice.xml") == registry.recognise(b"<questestinterop/>") == "qti21"


def test_a_package_in_a_folder_with_a_base_and_an_escaped_name():
    made = manifest(["c%C3%A2u%201.xml"]).replace("<resources>", '<resources xml:base="items/">')
    row = only(packed({"bank/imsmanifest.xml": made, "bank/items/câu 1.xml": CHOICE_21}))
    assert row.where == "bank/items/câu 1.xml"


def test_a_package_without_a_manifest_is_looked_through():
    upload = qti.read(packed({"a.xml": CHOICE_21, "b.xml": "<other/>", "readme.txt": "x"}))
    assert len(upload.rows) == 1
    assert "imsmanifest.xml" in notes(upload)[0]


def test_other_kinds_are_named_and_passed_over():
    upload = qti.read(package(MATCH, CHOICE_21))
    assert len(upload.rows) == 1
    assert notes(upload) == ["Câu «Hành lý» dùng dạng «matchinteraction» chưa hỗ trợ nên được bỏ qua."]


def test_a_word_to_type_is_passed_over():
    word = NUMBER_30.replace("integer", "string").replace(">15<", ">mười lăm<")
    upload = qti.read(package(word, CHOICE_21))
    assert [row.values["id"] for row in upload.rows] == ["choice"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("<correctResponse><value>ChoiceA</value></correctResponse>", "", "không khai báo đáp án"),
        ("<value>ChoiceA</value>", "<value>Other</value>", "không có trong các phương án"),
        ("<value>ChoiceA</value>", "<value>ChoiceA</value><value>ChoiceB</value>", "nhiều đáp án đúng"),
        ('identifier="ChoiceB"', 'identifier="ChoiceA"', "trùng mã"),
        ("Gửi sổ.", "", "trống"),
    ],
)
def test_what_is_wrong_with_an_item_stands_with_its_row(before, after, message):
    assert any(message in problem.message for problem in only(package(CHOICE_21.replace(before, after))).problems)


def test_an_order_that_leaves_something_out_is_a_problem():
    row = only(package(ORDER_30.replace("<qti-value>B</qti-value>", "")))
    assert "không gồm đủ" in row.problems[0].message


def test_a_broken_item_does_not_spoil_the_package_but_an_entity_does():
    upload = qti.read(package(CHOICE_21[:300], CHOICE_21))
    assert len(upload.rows) == 1 and upload.notes[0].where == "items/0.xml"
    with pytest.raises(BadFile, match="DTD"):
        qti.read(package(CHOICE_21, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'))


def test_a_missing_member_is_told():
    upload = qti.read(packed({"imsmanifest.xml": manifest(["gone.xml", "a.xml"]), "a.xml": CHOICE_21}))
    assert upload.notes[0].where == "gone.xml" and len(upload.rows) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"<questestinterop/>",
        package("<questestinterop><assessment/></questestinterop>"),
        packed({"quiz.xml": '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"/>'}),
    ],
)
def test_version_1_2_is_told_apart_and_not_guessed_at(data):
    with pytest.raises(BadFile, match=r"QTI 1\.2"):
        qti.read(data)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", packed({"a.txt": "x"}), packed({}), b"<a/>", b"\xff\xfe\xfa"])
def test_what_is_no_package_is_refused(data):
    with pytest.raises(BadFile):
        qti.read(data)


@pytest.mark.parametrize("made", qti.FORMATS, ids=lambda made: made.name)
def test_the_whole_bank_goes_out_in_parts_and_comes_back_the_same(made):
    law = laws.of(ROOT / "questions")
    sheets = banks.read(ROOT / "questions")
    asked = [question for sheet in sheets for question in sheet.questions if question.family is None]
    kept = [question for question in asked if not made.losses(question)]
    assert len(kept) >= 0.8 * len(asked) > 300
    back = {}
    for begin in range(0, len(kept), made.most):
        upload = made.read(made.write(kept[begin : begin + made.most], []))
        assert not upload.notes
        for row in upload.rows:
            assert not row.problems
            values = dict(row.values)
            question, findings = draft.read(values, values.pop("topic"), law)
            assert not findings
            back[question.id] = question
    assert back == {question.id: question for question in kept}


def test_more_than_fits_into_a_package_is_refused():
    with pytest.raises(BadFile, match="198"):
        qti.FORMATS[0].write([question(f"huu-tri-{n:03}") for n in range(199)], [])


@pytest.mark.parametrize("made", qti.FORMATS, ids=lambda made: made.name)
def test_what_is_written_keeps_the_order_that_the_schema_asks_for(made):
    asked = [
        question("huu-tri-001"),
        question("huu-tri-002", kind="several", key=(0, 2)),
        question("huu-tri-003", kind="truefalse", key=(1,)),
        question("huu-tri-004", kind="number", key=(15,)),
        question("huu-tri-005", kind="order", key=(2, 0, 1, 3)),
    ]
    with zipfile.ZipFile(io.BytesIO(made.write(asked, []))) as opened:
        names = opened.namelist()
        manifest = ElementTree.fromstring(opened.read("imsmanifest.xml"))
        hrefs = [one.get("href") for one in manifest.iter() if one.tag.endswith("}resource")]
        assert set(hrefs) == {name for name in names if name != "imsmanifest.xml"}
        test = ElementTree.fromstring(opened.read("test.xml"))
        assert [one.get("href") for one in test.iter() if "ItemRef" in one.tag or "item-ref" in one.tag] == hrefs[1:]
        for name in hrefs[1:]:
            root = ElementTree.fromstring(opened.read(name))
            order = [one.tag.rpartition("}")[2].removeprefix("qti-").replace("-", "").lower() for one in root]
            assert order == [
                "responsedeclaration", "outcomedeclaration", "outcomedeclaration", "itembody",
                "responseprocessing", "modalfeedback",
            ]  # fmt: skip
            assert root.get("identifier") in name and root.get("title")


def test_the_same_questions_give_the_same_bytes():
    for made in qti.FORMATS:
        assert made.write([question()], []) == made.write([question()], [])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(BadFile):
        qti.read(data)


@given(st.integers(0, len(package(CHOICE_21)) - 1), st.integers(0, 255))
def test_a_package_with_a_wrong_byte_is_read_or_refused(place, byte):
    data = bytearray(package(CHOICE_21, SEVERAL_22, ORDER_30))
    data[place] = byte
    with contextlib.suppress(BadFile):
        qti.read(bytes(data))
