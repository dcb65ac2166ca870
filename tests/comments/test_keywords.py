"""Keyword lists: what they find in sentences of four languages, what they leave, how a workspace changes them."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from auditkit.comments.keywords import CATEGORIES, keywords_of
from auditkit.comments.matching import Matcher, in_context
from auditkit.errors import ConfigError


def lists(root: Path):
    return keywords_of(SimpleNamespace(root=root))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    return {name: Matcher(found) for name, found in lists(tmp_path_factory.mktemp("none")).items()}


SENTENCES = [
    ("en", "Still not solved, and nobody answered", {"complaint"}),
    ("en", "No problem at all, quick and friendly", {"praise"}),
    ("en", "The agent was not very friendly", set()),
    ("en", "Hi, thanks for nothing, I waited far too long", {"greeting", "thanks", "complaint"}),
    ("en", "As I already said, you should have read it", {"blame"}),
    ("en", "Kind regards", set()),
    ("fi", "Takki oli rikki eikä kukaan vastannut", {"complaint"}),
    ("fi", "Ystävällisin terveisin", set()),
    ("fi", "Todella ystävälliseltä asiakaspalvelijalta sain apua nopeasti", {"praise"}),
    ("fi", "Ei ollut mitään ongelmia", set()),
    ("fi", "Ei ongelmia", set()),
    ("fi", "Hyvää päivää, kiitokset avusta", {"greeting", "thanks"}),
    ("fi", "Oma vika, ette lukeneet ohjetta", {"blame"}),
    ("fi", "Valitettavasti valitsin punaisen", set()),
    ("nb", "Pakken kom aldri, og jeg er skuffet", {"complaint"}),
    ("nb", "Hei, tusen takk for rask og hyggelig hjelp", {"greeting", "thanks", "praise"}),
    ("nb", "Vennlig hilsen", set()),
    ("nb", "Det var ikke hyggelig", set()),
    ("nb", "Som jeg allerede sa, det er din egen feil", {"blame"}),
    ("ru", "Заказ до сих пор не пришёл, ужасный сервис", {"complaint"}),
    ("ru", "Здравствуйте! Спасибо, быстро и вежливо", {"greeting", "thanks", "praise"}),
    ("ru", "Не очень вежливый оператор", set()),
    ("ru", "Без проблем", set()),
    ("ru", "Вы сами виноваты, внимательно читайте условия", {"blame"}),
    ("ru", "Помогите, пожалуйста", set()),
]


@pytest.mark.parametrize(("language", "text", "categories"), SENTENCES)
def test_a_sentence_is_found_by_the_lists_it_belongs_to(shipped, language, text, categories):
    assert {hit.category for hit in shipped[language].hits(text)} == categories


def test_every_language_has_every_list(shipped):
    assert set(shipped) >= {"en", "fi", "nb", "ru"}
    for matcher in shipped.values():
        assert all(matcher.keywords.lists[name] for name in CATEGORIES) and matcher.keywords.negation


def test_case_accents_apart_and_signs_that_do_not_show_make_no_difference(shipped):
    for text in ("MYÖHÄSSÄ", "myo\u0308ha\u0308ssa\u0308", "myö\u200bhässä"):
        assert [hit.keyword for hit in shipped["fi"].hits(text)] == ["myöhässä"]
    assert shipped["ru"].hits("Звёзды: пять звёзд")[0].keyword == "пять звезд"


def test_a_hit_says_where_it_stands_and_the_longest_of_a_list_is_taken(shipped):
    text = "I am still waiting for you"
    (hit,) = shipped["en"].hits(text)
    assert (text[hit.start : hit.end], hit.keyword) == ("still waiting", "still waiting")


def test_the_context_is_cut_at_words():
    matcher = Matcher(lists(Path("/nowhere"))["en"])
    text = f"{'one two ' * 20}broken{' three four' * 20}"
    before, found, after = in_context(text, matcher.hits(text)[0], 20)
    assert (before, found, after) == ("…one two one two ", "broken", " three four three…")


def test_the_time_grows_with_the_length_of_the_text(shipped):
    def seconds(count: int) -> float:
        text = "late night not late " * count
        began = time.process_time()
        shipped["en"].hits(text)
        return time.process_time() - began

    short = max(min(seconds(500) for _ in range(3)), 0.002)
    assert seconds(4_000) < 5 * 8 * short


def write(root: Path, name: str, text: str) -> Path:
    (root / "keywords").mkdir(exist_ok=True)
    (root / "keywords" / name).write_text(text, encoding="utf-8")
    return root


def test_a_workspace_adds_words_and_takes_others_away(tmp_path):
    write(tmp_path, "en.toml", 'complaint = ["Grotty", "smell*"]\nwithout = ["late"]\n')
    found = Matcher(lists(tmp_path)["en"])
    assert [hit.keyword for hit in found.hits("Late, grotty, smelly and broken")] == ["grotty", "smell*", "broken"]


def test_a_workspace_may_use_its_own_lists_alone(tmp_path):
    write(tmp_path, "en.toml", 'extends = false\ncomplaint = ["grotty"]\n')
    assert [hit.keyword for hit in Matcher(lists(tmp_path)["en"]).hits("thanks, grotty and broken")] == ["grotty"]


def test_a_language_that_is_not_shipped_may_be_added(tmp_path):
    write(tmp_path, "sv.toml", 'thanks = ["tack*"]\n')
    assert [hit.category for hit in Matcher(lists(tmp_path)["sv"]).hits("Tack för hjälpen")] == ["thanks"]


WRONG = [
    ('complaint = ["la*"]', "key 'complaint', word 1", "would be found everywhere"),
    ('complaint = ["late", "l*te"]', "key 'complaint', word 2", "is no word"),
    ('complaint = [""]', "key 'complaint', word 1", "an empty phrase"),
    ('complaint = [7]', "key 'complaint', word 1", "no text"),
    (f'complaint = ["{"x" * 90}"]', "key 'complaint', word 1", "longer than 80"),
    ('complaints = ["late"]', "key 'complaints'", "is no list of keywords"),
    ('complaint = "late"', "key 'complaint'", "tuple"),
    ('without = ["lateish"]', "key 'without'", "is in no list"),
    ("complaint = [late]", "en.toml", "cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "finding"), WRONG)
def test_a_fault_in_a_file_is_told_with_its_place(tmp_path, text, place, finding):
    write(tmp_path, "en.toml", text)
    with pytest.raises(ConfigError) as found:
        lists(tmp_path)
    (problem,) = found.value.problems
    assert place in problem.place and finding in problem.finding


def test_a_file_is_named_after_a_language(tmp_path):
    write(tmp_path, "Finnish words.toml", "")
    with pytest.raises(ConfigError, match="is named after no language"):
        lists(tmp_path)
