"""What is masked and what stays, in the four languages: texts as customers write them, with the answer beside each."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.masking import Masker

PEOPLE = frozenset(
    {
        "Eero Salminen",
        "Siiri Mäkelä",
        "Onni Lehto",
        "Kari Nilsen",
        "Will Marsh",
        "Grace Okafor",
        "Айгерим Сулейменова",
        "Support",
    }
)
mask = Masker(PEOPLE)

FINNISH = [
    ("Hei, nimeni on Matti Virtanen, puh. 040 123 4567.", "Hei, nimeni on [name], puh. [phone number]."),
    ("Tilasin 12.5.2026 klo 14.30 takin, hinta 129,90 €.", "Tilasin 12.5.2026 klo 14.30 takin, hinta 129,90 €."),
    ("Soitin Eerolle ja sain vastauksen Salmiselta.", "Soitin [name] ja sain vastauksen [name]."),
    ("Mäkelän Siiri oli ystävällinen, kiitos siiri!", "[name] oli ystävällinen, kiitos [name]!"),
    ("Onni lupasi soittaa. Onneksi onni suosi.", "[name] lupasi soittaa. Onneksi onni suosi."),
    ("Henkilötunnus 131052-308T ja tilausnumero 45213.", "Henkilötunnus [personal id] ja tilausnumero [number]."),
    ("Rahat tilille FI21 1234 5600 0007 85, kiitos.", "Rahat tilille [bank account], kiitos."),
    ("Osoitteeni on matti.virtanen@esimerkki.fi", "Osoitteeni on [e-mail]"),
    ("Paketti 2 viikkoa myöhässä, 3 kpl puuttuu, koko 38.", "Paketti 2 viikkoa myöhässä, 3 kpl puuttuu, koko 38."),
    ("Odotin Helsingissä 45 minuuttia, lasku 1 250 euroa", "Odotin Helsingissä 45 minuuttia, lasku 1 250 euroa"),
    ("Terveisin\nLiisa Korhonen\nTampere", "Terveisin\n[name]\nTampere"),
    ("Pekan mukaan vaihto onnistuu, mutta Riikka kielsi.", "[name] mukaan vaihto onnistuu, mutta [name] kielsi."),
    ("Asiakaspalvelija Tuula oli töykeä", "Asiakaspalvelija [name] oli töykeä"),
    ("asiakasnumeroni on 778812 ja numeroni +358401234567", "asiakasnumeroni on [number] ja numeroni [phone number]"),
    ("Olen odottanut. Sivun lataus kestää 10 s.", "Olen odottanut. Sivun lataus kestää 10 s."),
    ("Hei Asiakaspalvelu, missä tilaukseni on?", "Hei Asiakaspalvelu, missä tilaukseni on?"),
    ("tilaukseni 88231 on kesken, viitteeni on 13014", "tilaukseni [number] on kesken, viitteeni on [number]"),
    ("Ystävällisin terveisin,\nJ. Korhonen", "Ystävällisin terveisin,\n[name]"),
    ("rouva Hämäläinen soitti", "rouva [name] soitti"),
    ("olen matti virtanen tampereelta", "olen [name] tampereelta"),
    (
        "Ainoa vika oli hinta, päivien keskimääräisellä tasolla",
        "Ainoa vika oli hinta, päivien keskimääräisellä tasolla",
    ),
]
NORWEGIAN = [
    ("Hei, jeg heter Kari Nordmann, tlf 912 34 567.", "Hei, jeg heter [name], tlf [phone number]."),
    ("jeg heter ola nordmann og venter på svar", "jeg heter [name] og venter på svar"),
    ("Fødselsnummer 01019012345, kontonr. 1234.56.78903.", "Fødselsnummer [personal id], kontonr. [bank account]."),
    ("Bestilte 3. mai 2026 kl. 10:15, betalte 1 499,- kr", "Bestilte 3. mai 2026 kl. 10:15, betalte 1 499,- kr"),
    ("Ordrenr. 889123 kom aldri fram", "Ordrenr. [number] kom aldri fram"),
    ("Snakket med Ingrid hos dere, hun var flink", "Snakket med [name] hos dere, hun var flink"),
    ("Ventet i 3 uker, 14 dager og 20 minutter", "Ventet i 3 uker, 14 dager og 20 minutter"),
    ("Mvh\nBjørn Hansen", "Mvh\n[name]"),
    ("Fru Dahl fikk feil størrelse, 38 cm og 2 stk", "Fru [name] fikk feil størrelse, 38 cm og 2 stk"),
    ("Send svar til ola.n@eksempel.no eller 22 33 44 55", "Send svar til [e-mail] eller [phone number]"),
    ("Øysteins svar var tydelig. Takk, Øystein!", "[name] svar var tydelig. Takk, [name]!"),
    ("Even today? Per i dag har jeg ikke fått noe.", "Even today? Per i dag har jeg ikke fått noe."),
    ("Takk for hjelpen fra Oslo!", "Takk for hjelpen fra Oslo!"),
    ("nilsen svarte ikke, og Kari la på", "[name] svarte ikke, og [name] la på"),
    ("Prisen var 25 000 kr, ikke 30 000 kr, 100 % feil", "Prisen var 25 000 kr, ikke 30 000 kr, 100 % feil"),
]
ENGLISH = [
    ("My name is John Smith, call me on 020 7946 0958.", "My name is [name], call me on [phone number]."),
    ("Hello, Where is my parcel?", "Hello, Where is my parcel?"),
    ("Hello, Anna! Hi Anna, I ordered two.", "Hello, [name]! Hi [name], I ordered two."),
    ("Dear Customer Service, dear Mr Okonkwo", "Dear Customer Service, dear Mr [name]"),
    ("Will you help? I will mark it. Will Marsh did not.", "[name] you help? I will mark it. [name] did not."),
    ("NI number QQ 12 34 56 C, card 4539 5787 6362 1486", "NI number [personal id], card [card number]"),
    ("Paid £1,299.00 on 2026-05-12 at 9:45, 24/7 support", "Paid £1,299.00 on 2026-05-12 at 9:45, 24/7 support"),
    ("Order AB-1234567 and order no. 4521 are missing", "Order [number] and order no. [number] are missing"),
    ("Write to j.smith+shop@mail.example.co.uk please", "Write to [e-mail] please"),
    ("Write to john (at) example (dot) com please", "Write to [e-mail] please"),
    ("See https://shop.example.com/u/123?mail=a@b.co now", "See [web address] now"),
    ("See https://shop.example.com for the 2025-2026 range", "See https://shop.example.com for the 2025-2026 range"),
    ("I'm Very angry. This is Unacceptable.", "I'm Very angry. This is Unacceptable."),
    ("I spoke to Priya on Monday in London", "I spoke to [name] on Monday in London"),
    ("Grace's reply was kind; by the grace of God", "[name] reply was kind; by the grace of God"),
    ("Kind regards,\nMary-Jane O'Neil", "Kind regards,\n[name]"),
    (
        "The tent is 210 x 130 cm, 2.4 kg, waterproof to 3000 mm",
        "The tent is 210 x 130 cm, 2.4 kg, waterproof to 3000 mm",
    ),
    ("my number is 07700 900123, dm @jsmith_88", "my number is [phone number], dm [user name]"),
    (
        "I know the policy. E12 says it, on 2026-05-12T14:30:05Z",
        "I know the policy. E12 says it, on 2026-05-12T14:30:05Z",
    ),
    ("## 500 teams in week 2026-W18, p = 0.937211", "## 500 teams in week 2026-W18, p = 0.937211"),
    ("It is #4521 and invoice. 88123", "It is #[number] and invoice. [number]"),
    ("Support never answers. Support is slow.", "Support never answers. Support is slow."),
    ("IBAN GB29 NWBK 6016 1331 9268 19.", "IBAN [bank account]."),
]
RUSSIAN = [
    ("Меня зовут Иванов Сергей Петрович.", "Меня зовут [name]."),
    ("Тел. 8 (495) 123-45-67, почта s.ivanov@primer.ru", "Тел. [phone number], почта [e-mail]"),
    ("Заказ № 45321 от 12.05.2026 в 14:30 на 15 000 ₽", "Заказ № [number] от 12.05.2026 в 14:30 на 15 000 ₽"),
    ("Разговаривал с Анной Ивановой, потом с Дмитрием.", "Разговаривал с [name], потом с [name]."),
    ("С уважением, Петров И.И.", "С уважением, [name]"),
    ("СНИЛС 112-233-445 95, ИНН 7707083893", "СНИЛС [personal id], ИНН [number]"),
    ("Айгерим ответила за 5 минут, спасибо айгерим", "[name] ответила за 5 минут, спасибо [name]"),
    ("Жду посылку 3 недели, 2 шт по 1,5 кг, размер 44", "Жду посылку 3 недели, 2 шт по 1,5 кг, размер 44"),
    ("Уважаемая Ольга Викторовна, верните 2 500 руб.", "Уважаемая [name], верните 2 500 руб."),
    ("Оператор Сулейменовой не дозвонилась", "Оператор [name] не дозвонилась"),
    ("меня зовут марат, живу в алматы", "меня зовут [name], живу в алматы"),
    ("Перезвоните: +7 701 123 45 67", "Перезвоните: [phone number]"),
    ("Здравствуйте, Где мой заказ?", "Здравствуйте, Где мой заказ?"),
    ("Вера в сервис пропала, света нет третий день", "Вера в сервис пропала, света нет третий день"),
    ("Говорила с менеджером Кузнецовым из Москвы", "Говорила с менеджером [name] из Москвы"),
    ("Счёт 40817810099910004312 оплачен", "Счёт [number] оплачен"),
    ("пишите на ivan собака primer.ru, собака ждёт", "пишите на [e-mail], собака ждёт"),
    ("анна иванова из саратова просит вернуть деньги", "[name] из саратова просит вернуть деньги"),
]


@pytest.mark.parametrize(("text", "answer"), [*FINNISH, *NORWEGIAN, *ENGLISH, *RUSSIAN])
def test_what_tells_of_a_person_is_masked_and_the_rest_stays(text, answer):
    assert mask(text) == answer


HIDDEN = [
    ("full-width digits", "０４０１２３４５６７"),
    ("Arabic digits", "٠٤٠١٢٣٤٥٦٧"),
    ("zero-width spaces", "040\u200b123\u200b4567"),
    ("marks of direction", "\u202e040 1234567\u202c"),
    ("spaces that do not break", "040\u00a0123\u202f4567"),
    ("hyphens of every kind", "040–123‑4567"),
    ("a soft hyphen in an address", "matti@esi\u00admerkki.fi"),
    ("full-width signs", "matti＠esimerkki．fi"),
    ("a letter and its accent apart", "nimeni on Ma\u0308kinen"),
]


@pytest.mark.parametrize("text", [text for _, text in HIDDEN], ids=[name for name, _ in HIDDEN])
def test_signs_that_do_not_show_or_look_alike_hide_nothing(text):
    masked = mask(text)
    assert "[" in masked
    assert not any(piece in masked for piece in ("4567", "４５６７", "٤٥٦٧", "matti", "kinen"))


REPEATED = ["1 ", "a@", "(at)", "+1", "A", "Anna ", "www.", "1.1.2026 ", "A1-", "my name is ", "040 1234567,", "(((",
    "№#", "order ", "И.И.", "'a", "FI21 1234 ", "http://", "1 234 567 ", "kiitos ", "-", "\u0308"]  # fmt: skip


@pytest.mark.parametrize("piece", REPEATED)
def test_the_time_grows_with_the_length_of_a_text_and_no_faster(piece):
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        mask(text)
        return time.process_time() - began

    short = max(min(seconds(5_000) for _ in range(3)), 0.002)
    assert seconds(40_000) < 5 * 8 * short


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_nothing_that_a_stranger_writes_breaks_it_and_an_address_never_gets_through(before, after):
    masked = mask.masked(f"{before} matti.virtanen@esimerkki.fi {after}")
    assert "matti.virtanen@" not in masked.text
    assert all(masked.text[span.start : span.end].startswith("[") for span in masked.spans)


def test_the_words_in_brackets_are_in_the_language_of_the_report():
    assert Masker(language="fi")("kari@esimerkki.fi") == "[sähköposti]"
    assert Masker(language="ru")("Тел. 8 (495) 123-45-67") == "Тел. [телефон]"


def test_where_the_client_wants_texts_shown_they_are():
    assert Masker(off=True)("Matti, 040 123 4567") == "Matti, 040 123 4567"


def test_nothing_stays_nothing():
    assert (mask(None), mask("")) == ("", "")


def test_a_masked_text_masked_again_stays_as_it_is():
    for text, answer in [*FINNISH, *NORWEGIAN, *ENGLISH, *RUSSIAN]:
        assert mask(mask(text)) == answer, text
