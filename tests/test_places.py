"""Names in a text: which places of the gazetteer they are, and at which of them an event happened."""

import csv
from collections import Counter

import pytest

from analysis.coding import code_report
from analysis.passages import read_passages
from analysis.places import COLUMNS, Gazetteer, choose_homonym, fold, read_places, split_name
from analysis.reports import Report
from analysis.sentences import split_sentences

# name: (text, the ids of all places named, in the order of the text)
NAMES = {
    # spellings that the gazetteer lists
    "Yadudah with double o": ("Shots were heard in al-Yadoodah.", "al-yadudah"),
    "Yadudah with one o": ("Shots were heard in al-Yadodah.", "al-yadudah"),
    "Yadudah without its article": ("Shots were heard in Yadouda.", "al-yadudah"),
    "Tafas": ("Shots were heard in Tafas.", "tafas"),
    "Tafas without a vowel": ("Shots were heard in Tafs.", "tafas"),
    "Deir al-Asafir with a capital article": ("They camped in Deir Al-Asafier.", "deir-al-asafir"),
    "Deir al-Asafir without an article": ("They camped in Deir Asafir.", "deir-al-asafir"),
    "Khan al-Shih as Eshieh": ("They camped in Khan Eshieh.", "khan-al-shih"),
    "Khan al-Shih with a sun letter": ("They camped in Khan ash-Shih.", "khan-al-shih"),
    "Moadamiya for short": ("They camped near Moadamiya.", "moadamiyet-al-sham"),
    "Suwayda with a sun letter": ("They drove to As-Suwayda.", "al-suwayda"),
    "Suwayda as Sweida": ("They drove to Sweida city.", "al-suwayda"),
    "Daraa with an apostrophe": ("They drove to Dar'a.", "daraa"),
    "Daraa with a curved apostrophe": ("They drove to Dara’a.", "daraa"),
    "Daraa al-Balad is not Daraa": ("They drove to Daraa al-Balad.", "daraa-al-balad"),
    "Saasaa with two signs": ("They drove to Sa’sa’ at night.", "saasaa"),
    "Fuaa with a sign": ("Food reached al-Fu'ah.", "al-fuaa"),
    "Kobani with a circumflex": ("Food reached Kobanê.", "kobani"),
    "article as a word of its own": ("Food reached Al Kiswah.", "al-kiswah"),
    "article dropped": ("Food reached Kisweh.", "al-kiswah"),
    "article added": ("Food reached al-Douma.", "douma"),
    "hyphen within a name": ("Food reached Tal-Rifaat.", "tal-rifaat"),
    "capitals throughout": ("SHOTS HEARD IN KANAKER", "kanaker"),
    "possessive": ("A cousin of Kanaker's mayor left.", "kanaker"),
    "possessive with a curved apostrophe": ("A cousin of Zakia’s mayor left.", "zakia"),
    "possessive of a name that starts a longer one": ("A cousin of Daraa's mayor left.", "daraa"),
    "possessive within a listed name": ("They rested in Daraa’s western countryside.", "western-daraa-countryside"),
    "province behind a possessive": ("They rested in Daraa's eastern countryside.", "daraa-governorate"),
    "province by its side": ("They rested in the southern Idlib countryside.", "idlib-governorate"),
    "province with of": ("They rested in the eastern countryside of Hama.", "hama-governorate"),
    "fields of a town are the town": ("They rested in the Tafas countryside.", "tafas"),
    # the longest name wins
    "housing of Jillin": ("They rested in Masakin Jellen.", "masakin-jillin"),
    "Jillin alone": ("They rested in Jellen.", "jillin"),
    "farm of Beit Jinn": ("They rested in Mazraet Beit Jin.", "mazraat-beit-jinn"),
    "Maarat Saidnaya": ("They rested in Ma'arat Saidnaya.", "maarat-saydnaya"),
    "Yarmouk Camp": ("They rested in the Yarmouk refugee camp.", "yarmouk-camp"),
    "Yarmouk Basin": ("They rested in the Yarmouk Basin.", "yarmouk-basin"),
    "old city of Homs": ("They rested in the Old City of Homs.", "homs-old-city"),
    "eastern of two namesakes": ("They rested in Eastern Ghariyah.", "al-ghariyah-al-sharqiyah"),
    # several in a sentence
    "three in a list": ("Yalda, Babbila and Beit Sahem were quiet.", "yalda babbila beit-sahem"),
    "four in a list": (
        "Zabadani, Madaya, Fuaa and Kafraya were quiet.", "zabadani madaya al-fuaa kufraya"),
    "pair with a slash": ("The Nubl/Zahraa pocket was quiet.", "nubl al-zahraa"),
    "two namesakes side by side": (
        "Western Ghariyah and Eastern Ghariyah were quiet.", "al-ghariyah-al-gharbiyah al-ghariyah-al-sharqiyah"),
    "town and its wider area": ("Saqba in Eastern Ghouta was quiet.", "saqba eastern-ghouta"),
    # names that look alike
    "Hama is the city": ("They came from Hama.", "hama"),
    "al-Hama is the suburb": ("They came from al-Hama.", "al-hameh"),
    "al-Hameh is the suburb": ("They came from Qudsaya and al-Hameh.", "qudsaya al-hameh"),
    "Madaya by default": ("They came from Madaya.", "madaya"),
    "Madayah beside Zabadani": ("They came from Zabadani and Madayah.", "zabadani madaya"),
    "Madayah beside Khan Sheikhoun": ("They came from Khan Sheikhoun and Madayah.", "khan-sheikhoun madayah"),
    "Jasim by default": ("They came from Jasim.", "jasim"),
    "Jasim beside Nawa": ("They came from Nawa and Jasim.", "nawa jasim"),
    "Jasim in Deir ez-Zor": (
        "They came from Jasim in the Deir ez-Zor countryside.", "jasim-deir-ez-zor deir-ez-zor-governorate"),
    "Douma beside Harasta": ("They came from Harasta and Douma.", "harasta douma"),
    "Douma beside Shaqqa": ("They came from Shaqqa and Douma.", "shaqqa douma-suwayda"),
    "Tishrin beside Qaboun": ("They came from Qaboun and Tishrin.", "qaboun tishreen"),
    "Tishrin beside Manbij": ("They came from Manbij and Tishrin.", "manbij tishrin"),
    "Shahba beside Salkhad": ("They came from Salkhad and Shahba.", "salkhad shahba"),
    "Shahba beside Afrin": ("They came from Afrin and Shahba.", "afrin shahba-aleppo"),
    "Aqraba beside Inkhil": ("They came from Inkhil and Aqraba.", "inkhil aqraba-daraa"),
    "Aqraba beside Jaramana": ("They came from Jaramana and Aqraba.", "jaramana aqraba"),
    "Qahtaniyah beside Kudna": ("They came from Kudna and al-Qahtaniyah.", "kudna al-qahtaniyah-quneitra"),
    "Qahtaniyah beside Tal Tamr": ("They came from Tal Tamr and al-Qahtaniyah.", "tal-tamr al-qahtaniyah"),
    "context from another sentence": ("Talks were held in Manbij. Men of Tishrin came.", "manbij tishrin"),
    "Damascus countryside is Rif Dimashq": ("They came from the Damascus countryside.", "rif-dimashq-governorate"),
    "Deir ez-Zor with its article": ("They came from Deir ez-Zor.", "deir-ez-zor"),
    "articles without a hyphen": ("They left Khan esh Sheikh for Ar Raqqah.", "khan-al-shih raqqa"),
    "English word after a preposition": ("They came from Has and Ariha.", "hass ariha"),
    # no places
    "small letters": ("The tal and the deir are words, and a hit is one too.", ""),
    "has at the head": ("Has the truce ended?", ""),
    "hit at the head": ("Hit by shells, a house fell.", ""),
    "unknown name": ("They came from Qasr al-Mazloum.", ""),
    "unknown name near a known one": ("They came from Kanakra.", ""),
    "part of a longer word": ("The Homsi family and the Damascene cook left.", ""),
}  # fmt: skip

# name: (event type, text, the ids of the places of the events of that type)
EVENTS = {
    # several places, several events
    "two towns": ("raid", "Soldiers raided houses in Zakia and Kanaker.", "zakia kanaker"),
    "three towns": ("bombardment", "Artillery shelled Arbin, Zamalka and Saqba.", "arbin zamalka saqba"),
    "a clause a town": ("raid", "Troops shelled Jasim, while soldiers raided houses in Nawa.", "nawa"),
    "a clause a town, the other one": (
        "bombardment", "Troops shelled Jasim, while soldiers raided houses in Nawa.", "jasim"),
    "a town after each verb": (
        "checkpoint_removed", "The army set up a checkpoint in Dael and removed a checkpoint from Ibta.", "ibta"),
    "from one town into another": (
        "bombardment", "From positions in Sanamayn, the army shelled Inkhil.", "inkhil"),
    # pointing back
    "the town": ("raid", "Talks were held in Kanaker. Soldiers raided houses in the town.", "kanaker"),
    "the village": ("bombardment", "Gunmen met in Umm Batna. Tanks shelled the village.", "umm-batna"),
    "nothing said": ("arrest", "Soldiers raided houses in Tafas. They arrested ten men.", "tafas"),
    "both towns": (
        "siege_lifted", "Talks on Fuaa and Kufraya were held. The siege of both towns was lifted.", "al-fuaa kufraya"),
    "the two towns": (
        "aid_entry", "Madaya and Zabadani are starving. Aid convoys entered the two towns.", "madaya zabadani"),
    "these areas": (
        "bombardment", "Barzeh, Qaboun and Tishreen are ringed. Artillery shelled these areas.",
        "barzeh qaboun tishreen"),
    "the town after another was named": (
        "raid", "A deal was reached in Zakia.\n\nIn Nawa, men gathered. Soldiers raided houses in the town.", "nawa"),
    "the town of the headline": (
        "raid", "Tension in Saasaa\n\nSoldiers raided houses in the town on Tuesday.", "saasaa"),
    "the neighbourhood": ("protest", "Al-Waer is shut. People demonstrated in the neighbourhood.", "al-waer"),
    # where people are sent to is not the place
    "to Idlib": ("evacuation", "Buses carried fighters from Zabadani to Idlib.", "zabadani"),
    "to Idlib, the town before": ("evacuation", "Rastan saw a convoy: 300 fighters left for Idlib.", "rastan"),
    "to Idlib after the town": ("evacuation", "Fighters left the town of Kafr Shams and went to Idlib.", "kafr-shams"),
    "to Idlib, sentence of its own": ("evacuation", "Talks in Tafas ended. Fighters were moved to Idlib.", "tafas"),
    "towards Jarablus": ("evacuation", "A convoy left the district of al-Waer towards Jarablus.", "al-waer"),
    "to the front": ("enlistment", "Men of Moadamiya were sent to the front in Palmyra.", "moadamiyet-al-sham"),
    "prisoners taken to Damascus": ("arrest", "Ten men were arrested in Tafas and taken to Damascus.", "tafas"),
    "forces from elsewhere": ("reinforcement", "The army sent tanks from Izraa to Tafas.", "tafas"),
    # bodies, roads and affairs that bear a place's name
    "Yarmouk Brigade": ("bombardment", "The Yarmouk Brigade shelled Jasim.", "jasim"),
    "Damascus explosions": (
        "arrest", "Men linked to the Damascus explosions were arrested in Kanaker.", "kanaker"),
    "Damascus the government": ("talks", "Damascus held talks with elders of Tafas.", "tafas"),
    "Homs road": ("protest", "People of Talbiseh demonstrated on the Homs road.", "talbiseh"),
    "Aleppo highway": ("attack", "A convoy was attacked near Saraqib on the Aleppo highway.", "saraqib"),
    "Idlib agreement": ("raid", "After the Idlib agreement, soldiers raided houses in Zakia.", "zakia"),
    "Daraa Martyrs": ("attack", "The Daraa Martyrs Brigade attacked a checkpoint in Nawa.", "nawa"),
    # wide areas only where nothing smaller is named
    "province alone": ("arrest", "Ten men were arrested in Daraa province.", "daraa-governorate"),
    "town in a province": ("arrest", "Ten men were arrested in Tafas in Daraa province.", "tafas"),
    "province before the town": ("arrest", "In Daraa province, ten men were arrested in Tafas.", "tafas"),
    "valley alone": ("bombardment", "Planes bombed Wadi Barada.", "wadi-barada"),
    "town in a valley": ("bombardment", "Planes bombed Bassima in Wadi Barada.", "bassima"),
    "countryside alone": ("bombardment", "Planes bombed Eastern Ghouta.", "eastern-ghouta"),
    "neighbourhood of a city": ("siege_continues", "The siege of al-Waer in Homs continues.", "al-waer"),
    "west of Damascus": ("raid", "Soldiers raided houses in Kanaker, west of Damascus.", "kanaker"),
    "camp beside a city": ("raid", "Soldiers raided houses in Daraa Camp.", "daraa-camp"),
    # no community named
    "no place at all": ("release", "Forty prisoners were released, the agency said.", ""),
    "unknown town": ("raid", "Soldiers raided houses in Qasr al-Mazloum.", ""),
    # namesakes told apart by the report
    "Madayah in Idlib": ("bombardment", "Planes bombed Madayah near Khan Sheikhoun in Idlib province.", "madayah"),
    "Douma in Suwayda": ("arrest", "Ten men were arrested in Douma in Suwayda province.", "douma-suwayda"),
    "possessive": ("talks", "Kanaker's elders held talks with officers.", "kanaker"),
}  # fmt: skip


def read_named(text, gazetteer):
    """Name the places of a text in their order, homonyms told apart by the whole text."""
    found = [m for s in split_sentences(text) for m in gazetteer.find_mentions(text, s.words)]
    context = Counter(gazetteer.places[m.place_ids[0]].admin1 for m in found if len(m.place_ids) == 1)
    return [choose_homonym(m, context, gazetteer) for m in found]


@pytest.mark.parametrize(("text", "place_ids"), NAMES.values(), ids=NAMES)
def test_name_is_read_as_its_place(text, place_ids, gazetteer):
    assert read_named(text, gazetteer) == place_ids.split()


@pytest.mark.parametrize(("event_type", "text", "place_ids"), EVENTS.values(), ids=EVENTS)
def test_event_is_put_where_it_happened(event_type, text, place_ids, gazetteer):
    rows = code_report(Report("x-1", "x", "", "2020-10-09", text), gazetteer)
    assert sorted(r["place_id"] for r in rows if r["type"] == event_type) == sorted(place_ids.split() or [""])


def test_mention_keeps_its_characters(gazetteer):
    text = "In Deir Al-Asafier, men of Khan Eshieh met."
    found = gazetteer.find_mentions(text, split_sentences(text)[0].words)
    assert [text[m.start : m.end] for m in found] == ["Deir Al-Asafier", "Khan Eshieh"]


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Kanakra", "Kanaker"),
        ("Zabadanni", "Zabadani"),
        ("Moadamyia", "Moadamiyet al-Sham"),
        ("Khan al-Shiih", "Khan al-Shih"),
        ("Deir al-Asaffir", "Deir al-Asafir"),
        ("Yadoodeh", "al-Yadudah"),
    ],
)
def test_unknown_name_is_suggested_and_never_applied(name, suggested, gazetteer):
    assert gazetteer.find_name(name) == ()
    assert suggested in gazetteer.suggest_names(name)
    text = f"Soldiers raided houses in {name}."
    assert suggested not in [gazetteer.places[i].name for i in read_named(text, gazetteer)]


@pytest.mark.parametrize(
    ("text", "place_id", "spelled"),
    [
        ("In Tafas and in the town of Al-Masifreh, in Daraa province, troops raided houses.", "al-musayfirah", "Al-Masifreh"),
        ("Daraa province: troops raided houses in Yadoodeh.", "al-yadudah", "Yadoodeh"),
    ],
)
def test_unlisted_spelling_is_read_where_its_province_is_spoken_of_and_the_rule_says_so(text, place_id, spelled, gazetteer):
    assert gazetteer.find_name(spelled) == ()
    rules = {r["place_id"]: r["rule"] for r in code_report(Report("x-1", "x", "", "2021-08-01", text), gazetteer)}
    assert rules[place_id].endswith(f"spelled {spelled}")


@pytest.mark.parametrize("text", ["Daraa province: the spokesman of Qaida left Nawa.", "Homs province: troops raided houses in Yadoodeh."])
def test_names_of_bodies_and_of_other_provinces_are_not_read_as_spellings(text, gazetteer):
    passages, _ = read_passages(Report("x-1", "x", "", "2021-08-01", text), gazetteer)
    assert not [m for p in passages for m in p.spelled]


def test_suggestions_are_few_and_none_is_forced(gazetteer):
    assert len(gazetteer.suggest_names("Kafr Zaita", count=2)) == 2
    assert gazetteer.suggest_names("Qxzwv") == []


@pytest.mark.parametrize("name", ["Kanaker", "kanakir", "KENAKER", "al-Kanaker"])
def test_listed_spelling_is_found(name, gazetteer):
    assert gazetteer.find_name(name) == ("kanaker",)


def test_short_name_is_not_found_with_an_article_that_is_not_listed():
    row = dict.fromkeys(COLUMNS, "") | {"place_id": "nawa", "name": "Nawa", "kind": "town", "admin1": "Daraa"}
    assert Gazetteer([row]).find_name("al-Nawa") == ()
    assert Gazetteer([row]).find_name("nawa") == ("nawa",)


def test_spellings_fold_to_letters():
    assert fold("Sa’sa’") == fold("Sa'sa'") == "sasa"
    assert fold("Kobanê") == "kobane"
    assert split_name("Ar-Rastan") == split_name("al-Rastan") == split_name("Al Rastan")


GOOD = {"place_id": "zakia", "name": "Zakia", "kind": "town", "admin1": "Rif Dimashq", "lat": "33.3", "lon": "36.1"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lat": "north"}, "row 3: lat 'north' is no number of degrees within 90"),
        ({"lat": "133.3"}, "row 3: lat '133.3' is no number of degrees within 90"),
        ({"lon": "361"}, "row 3: lon '361' is no number of degrees within 180"),
        ({"lon": "nan"}, "row 3: lon 'nan' is no number of degrees within 180"),
        ({"place_id": "zakia"}, "row 3: place_id 'zakia' stands twice"),
        ({"place_id": ""}, "row 3: place_id is empty"),
        ({"name": ""}, "row 3: name is empty"),
    ],
    ids=lambda v: v if isinstance(v, str) else next(iter(v)),
)
def test_gazetteer_error_names_file_row_and_column(change, message, tmp_path):
    path = tmp_path / "places.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows([GOOD, GOOD | {"place_id": "tafas", "name": "Tafas"} | change])
    with pytest.raises(ValueError) as error:
        read_places(path)
    assert str(error.value).startswith(f"{path}, {message}")


@pytest.mark.parametrize("column", COLUMNS)
def test_gazetteer_without_a_column_is_refused(column, tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(",".join(c for c in COLUMNS if c != column) + "\n" + "," * (len(COLUMNS) - 2) + "\n", "utf-8")
    with pytest.raises(ValueError, match=f"places.csv, row 2: column '{column}' is missing"):
        read_places(path)
