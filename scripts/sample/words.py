"""The words that customers and agents use: subjects by language and reason, and comments on surveys."""

from __future__ import annotations

REASONS = {"delivery": 34, "return": 22, "product": 18, "invoice": 10, "warranty": 9, "account": 7}

SUBJECTS = {
    "fi": {
        "delivery": ("Missä tilaukseni on?", "Paketti myöhässä", "Väärä toimitusosoite"),
        "return": ("Haluan palauttaa takin", "Palautustarra puuttuu", "Koko on liian pieni"),
        "product": ("Sopiiko rinkka lapselle?", "Onko teltta vedenpitävä?", "Kysymys makuupussista"),
        "invoice": ("Lasku kahteen kertaan", "Hyvitys ei ole tullut", "Laskun eräpäivä"),
        "warranty": ("Vetoketju hajosi", "Kengän pohja irtosi", "Takuuasia"),
        "account": ("En pääse kirjautumaan", "Salasana unohtui", "Poistakaa tilini"),
    },
    "nb": {
        "delivery": ("Hvor er pakken min?", "Forsinket levering", "Feil adresse på ordren"),
        "return": ("Vil returnere jakken", "Mangler returetikett", "Feil størrelse"),
        "product": ("Passer sekken til barn?", "Er teltet vanntett?", "Spørsmål om sovepose"),
        "invoice": ("Fakturert to ganger", "Har ikke fått pengene tilbake", "Forfall på faktura"),
        "warranty": ("Glidelåsen røk", "Sålen løsnet", "Reklamasjon på støvler"),
        "account": ("Får ikke logget inn", "Glemt passord", "Slett kontoen min"),
    },
    "en": {
        "delivery": ("Where is my order?", "Parcel is late", "Wrong delivery address"),
        "return": ("I want to return a jacket", "No return label in the box", "Wrong size"),
        "product": ("Does this pack fit a child?", "Is the tent waterproof?", "Question about a sleeping bag"),
        "invoice": ("Charged twice", "Refund has not arrived", "Due date of my invoice"),
        "warranty": ("Zip broke", "Sole came off", "Warranty claim"),
        "account": ("Cannot log in", "Forgot my password", "Please delete my account"),
    },
    "ru": {
        "delivery": ("Где мой заказ?", "Посылка опаздывает", "Неверный адрес доставки"),
        "return": ("Хочу вернуть куртку", "Нет этикетки для возврата", "Не подошёл размер"),
        "product": ("Подойдёт ли рюкзак ребёнку?", "Палатка не промокает?", "Вопрос о спальном мешке"),
        "invoice": ("Списали дважды", "Деньги не вернулись", "Срок оплаты счёта"),
        "warranty": ("Сломалась молния", "Отклеилась подошва", "Обращение по гарантии"),
        "account": ("Не могу войти", "Забыл пароль", "Удалите мой аккаунт"),
    },
}

COMMENTS = {
    "fi": (("Nopea ja ystävällinen", "Kiitos avusta!"), ("Odotin liian kauan", "Asia jäi kesken")),
    "nb": (("Rask og hyggelig hjelp", "Takk for hjelpen!"), ("Måtte vente for lenge", "Fikk ikke løst saken")),
    "en": (("Quick and friendly", "Thanks, all sorted"), ("Waited far too long", "Still not solved")),
    "ru": (("Быстро и вежливо", "Спасибо за помощь!"), ("Слишком долго ждал", "Вопрос не решён")),
}

AGENT_TOPICS = ("workload", "tools", "support from the lead", "would recommend as a workplace")

# How the help desks and phone systems print the canonical words, where they are not English.
PRINTED = {
    "fi": {
        "channel": {"email": "Sähköposti", "web": "Verkkolomake", "chat": "Chat", "social": "Some"},
        "reason": {
            "delivery": "Toimitus", "return": "Palautus", "product": "Tuote",
            "invoice": "Lasku", "warranty": "Takuu", "account": "Tili",
        },
        "priority": {"low": "matala", "normal": "normaali", "high": "korkea", "urgent": "kiireellinen"},
        "type": {"question": "kysymys", "request": "pyyntö", "incident": "vika"},
        "status": {"open": "avoin", "pending": "kesken", "resolved": "ratkaistu", "closed": "suljettu"},
        "excluded": {"": "", "spam": "roskaposti", "merged": "yhdistetty", "test": "testi"},
        "flag": {True: "kyllä", False: "ei"},
        "queue": {"orders": "tilaukset", "returns": "palautukset", "technical": "tekniikka"},
        "abandoned_in": {"": "", "ivr": "valikossa", "queue": "jonossa", "ringing": "soidessa"},
    },
    "nb": {
        "channel": {"email": "E-post", "web": "Skjema", "chat": "Chat", "social": "Sosiale medier"},
        "reason": {
            "delivery": "Levering", "return": "Retur", "product": "Produkt",
            "invoice": "Faktura", "warranty": "Garanti", "account": "Konto",
        },
        "priority": {"low": "lav", "normal": "normal", "high": "høy", "urgent": "haster"},
        "type": {"question": "spørsmål", "request": "ønske", "incident": "feil"},
        "status": {"open": "åpen", "pending": "venter", "resolved": "løst", "closed": "lukket"},
        "excluded": {"": "", "spam": "søppelpost", "merged": "slått sammen", "test": "test"},
        "flag": {True: "ja", False: "nei"},
        "queue": {"orders": "bestilling", "returns": "retur", "technical": "teknisk"},
        "abandoned_in": {"": "", "ivr": "meny", "queue": "kø", "ringing": "ringer"},
        "actor": {"agent": "saksbehandler", "customer": "kunde", "system": "system"},
        "kind": {
            "created": "opprettet", "assign": "tildelt", "public_reply": "svar", "transfer": "overført",
            "escalate": "eskalert", "resolve": "løst", "reopen": "gjenåpnet", "close": "lukket",
        },
    },
    "ru": {
        "channel": {"email": "почта", "web": "форма", "chat": "чат", "social": "соцсети"},
        "reason": {
            "delivery": "доставка", "return": "возврат", "product": "товар",
            "invoice": "оплата", "warranty": "гарантия", "account": "кабинет",
        },
        "priority": {"low": "низкий", "normal": "обычный", "high": "высокий", "urgent": "срочный"},
        "type": {"question": "вопрос", "request": "запрос", "incident": "поломка"},
        "status": {"open": "новое", "pending": "в работе", "resolved": "решено", "closed": "закрыто"},
        "excluded": {"": "—", "spam": "спам", "merged": "объединено", "test": "тест"},
        "flag": {True: "да", False: "нет"},
        "queue": {"orders": "заказы", "returns": "возвраты", "technical": "техника"},
        "abandoned_in": {"": "—", "ivr": "меню", "queue": "очередь", "ringing": "звонок"},
    },
}  # fmt: skip
