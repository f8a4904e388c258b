"""What happened is told from what was agreed, threatened or denied: a table of sentences."""

import pytest

from analysis.coding import code_report
from analysis.reports import Report

# name: (event type, modality, text). None of these is a fact: no `actual` event of the type may come out of it.
NOT_FACTS = {
    # threats, demands, conditions, preparations, fears
    "threat to storm": (
        "storming", "threatened", "An officer threatened to storm Zakia within two days."),
    "threat as a noun": (
        "bombardment", "threatened", "The threat to shell Tafas was passed on by a mediator."),
    "threat of an operation with that": (
        "storming", "threatened", "The general warned that his troops will storm Jasim."),
    "threat passed on in the passive": (
        "arrest", "threatened", "Elders of Nawa were warned of the arrest of their sons."),
    "ultimatum": (
        "weapons_handover", "threatened", "Fighters in Zakia were given three days to hand over their weapons."),
    "demand with to": (
        "weapons_handover", "threatened", "The army asked the fighters of Dael to hand over their rifles."),
    "demand as a noun": (
        "release", "threatened", "The crowd in Tafas repeated its demand for the release of all prisoners."),
    "demand in a protest": (
        "release", "threatened", "A vigil was held in Nawa to demand the release of detainees."),
    "call for": (
        "siege_lifted", "threatened", "Activists called for lifting the siege of Madaya."),
    "urge": (
        "aid_entry", "threatened", "Doctors in Douma urged that medicines be let in."),
    "condition with unless": (
        "storming", "threatened", "Troops would storm Inkhil unless the gunmen leave."),
    "condition with unless, its own event": (
        "weapons_handover", "threatened", "Troops will shell Inkhil unless the gunmen hand over their weapons."),
    "condition with if": (
        "bombardment", "threatened", "If the talks break down, the army will shell Jasim again."),
    "condition with otherwise": (
        "arrest", "threatened", "The men of Saasaa must sign up; otherwise they face arrest."),
    "condition that a side sets": (
        "siege_lifted", "threatened", "Lifting the siege of Kanaker is a condition that the elders set."),
    "insist that": (
        "checkpoint_removed", "threatened", "Elders of Tasil insist that the army remove its checkpoint first."),
    "preparation to storm": (
        "storming", "threatened", "Tanks were massed near Tafas in preparation to storm it."),
    "preparation for": (
        "storming", "threatened", "Armour is gathering around Nawa in preparation for storming the town."),
    "about to": (
        "raid", "threatened", "Soldiers are about to raid houses in Zakia, a resident said."),
    "poised to": (
        "storming", "threatened", "Army units are poised to storm Talbiseh."),
    "fear of": (
        "arrest", "threatened", "People in Harasta fear arrest at the crossing."),
    "fear that": (
        "bombardment", "threatened", "Families in Arbin are afraid that planes will bomb the town."),
    "intention": (
        "siege_imposed", "threatened", "The command intends to impose a siege on Dael."),
    "possible": (
        "storming", "threatened", "There is talk of a possible storming of al-Sanamayn."),
    "might": (
        "bombardment", "threatened", "The army might shell Jasim, a source said."),
    "must": (
        "evacuation", "threatened", "The fighters must leave the town of Kafr Shams, the officer said."),
    "should": (
        "weapons_handover", "threatened", "All rifles in Ibta should be handed over, the envoy demanded."),
    "pressure to": (
        "enlistment", "threatened", "Young men of Saasaa are pressured to join the 4th Division."),
    # agreed: terms, promises, plans, powers granted
    "term with stipulates": (
        "weapons_handover", "agreed", "The deal for Zakia stipulates that fighters hand over heavy weapons."),
    "term with provides for": (
        "evacuation", "agreed", "The accord provides for the departure of 300 fighters from Daraya."),
    "term with includes": (
        "release", "agreed", "The Madaya truce includes the release of forty prisoners."),
    "term with under": (
        "aid_entry", "agreed", "Under the agreement, aid convoys will enter Moadamiya every week."),
    "term with would": (
        "deployment", "agreed", "According to the deal, police would be deployed in Tafas."),
    "term with would be": (
        "checkpoint_removed", "agreed", "Two checkpoints would be removed from Kanaker, as agreed."),
    "agreed to": (
        "checkpoint_set_up", "agreed", "The two sides agreed to set up a joint checkpoint in Nawa."),
    "agreed on a noun": (
        "evacuation", "agreed", "Both parties agreed on the departure of fighters from Barzeh."),
    "promise to release": (
        "release", "agreed", "A colonel promised to release the women of Kanaker."),
    "pledge": (
        "aid_entry", "agreed", "The governor pledged to let food into al-Tal."),
    "plan to": (
        "settlement", "agreed", "The committee is scheduled to begin settling the status of men in Jayrud."),
    "due to": (
        "evacuation", "agreed", "A first batch is due to leave the town of Rastan at dawn."),
    "set to": (
        "siege_lifted", "agreed", "The siege of Qudsaya is set to be lifted."),
    "will": (
        "settlement", "agreed", "A centre in Dumayr will settle the status of deserters."),
    "going to": (
        "release", "agreed", "Six women from Zakia are going to be released."),
    "power granted": (
        "arrest", "agreed", "The police station in Zakia is empowered to arrest those wanted by the courts."),
    "right granted": (
        "raid", "agreed", "The deal gives the police the right to raid houses in Kanaker."),
    "allowed for later": (
        "evacuation", "agreed", "Those who stay away would be allowed to leave the town of Kanaker later."),
    "in return for": (
        "siege_lifted", "agreed", "Rifles will be surrendered in Madaya in return for lifting the siege."),
    "offer": (
        "evacuation", "agreed", "The army offered the fighters of Yalda safe passage to the north."),
    "guarantee": (
        "release", "agreed", "Officers guaranteed the release of a teacher from Nawa within a week."),
    # denied: negation, refusal, prevention, postponement, denial
    "did not": (
        "storming", "denied", "The army did not storm Zakia."),
    "have not": (
        "release", "denied", "The authorities have not released the women of Kanaker."),
    "was not": (
        "siege_lifted", "denied", "The siege of Madaya was not lifted."),
    "never": (
        "deployment", "denied", "The police never entered the town of Tafas."),
    "would not": (
        "storming", "denied", "They settled that Kanaker would not be stormed."),
    "vow not to": (
        "raid", "denied", "Officers vowed not to raid houses in Kanaker."),
    "no event as a noun": (
        "bombardment", "denied", "No shelling was heard in Jasim."),
    "without": (
        "arrest", "denied", "The convoy passed through Nawa without any arrests."),
    "refused to": (
        "weapons_handover", "denied", "The gunmen of Umm Batna refused to hand over their weapons."),
    "refusal as a noun": (
        "evacuation", "denied", "Their refusal to leave the town of Dael held up the talks."),
    "rejected a term": (
        "enlistment", "denied", "Young men in Tasil rejected enlistment in the army."),
    "declined": (
        "settlement", "denied", "Dozens in al-Harra declined to settle their status."),
    "prevented": (
        "aid_entry", "denied", "Soldiers prevented aid convoys from entering Douma."),
    "kept from leaving": (
        "evacuation", "denied", "Gunmen stopped families from leaving the town of Fuaa."),
    "postponed": (
        "evacuation", "denied", "The evacuation of Zabadani was postponed."),
    "postponed, active": (
        "evacuation", "denied", "The Red Crescent postponed the evacuation of Kafriya."),
    "delayed": (
        "aid_entry", "denied", "The army delayed the entry of aid into Rastan."),
    "suspended": (
        "settlement", "denied", "The office in Nawa suspended the settlement process."),
    "cancelled": (
        "release", "denied", "The release of the Tafas detainees was cancelled."),
    "failed to": (
        "deal_agreed", "denied", "Mediators failed to reach a deal in Jasim."),
    "unable to": (
        "storming", "denied", "The army was unable to storm Baba Amr."),
    "yet to": (
        "deal_carried_out", "denied", "The agreement on Beit Jinn has yet to be implemented."),
    "denial of an act": (
        "arrest", "denied", "The ministry denied arresting anyone in Sweida."),
    "denial with that": (
        "bombardment", "denied", "Moscow denied that its planes bombed Saraqib."),
    "neither nor": (
        "siege_lifted", "denied", "Neither was the siege of Moadamiya lifted nor did food come in."),
    "instead of": (
        "release", "denied", "Instead of releasing the women of Zakia, the officers moved them."),
}  # fmt: skip

# name: (event type, text). All of these are facts, whatever else stands beside them.
FACTS = {
    "plain past": ("raid", "Soldiers raided houses in Zakia."),
    "perfect": ("siege_lifted", "Troops have lifted the siege of Kanaker."),
    "past perfect": ("arrest", "They had arrested ten men in Tafas."),
    "passive": ("siege_lifted", "The siege on Qudsaya was lifted."),
    "passive with by": ("arrest", "Three women of Kanaker were arrested by a patrol."),
    "passive perfect": ("checkpoint_removed", "A checkpoint in Nawa has been removed."),
    "present progressive": ("bombardment", "Artillery is shelling Jasim."),
    "headline present": ("raid", "Army raids houses in Saasaa"),
    "noun of siege": ("siege_imposed", "The imposition of a siege on Kanaker followed a quarrel."),
    "noun of release": ("release", "The release of six women from Zakia calmed the street."),
    "noun of handover": ("weapons_handover", "The handover of weapons in Tafas ended at noon."),
    "noun of departure": ("evacuation", "The departure of 300 fighters from Daraya took an hour."),
    "noun of shelling": ("bombardment", "The shelling of Arbin killed a child."),
    "hedged with word of": ("arrest", "There is word of arrests in Harasta."),
    "hedged with reportedly": ("raid", "Soldiers reportedly raided farms near Zakia."),
    "hedged with unconfirmed": ("release", "Unconfirmed reports say that two men of Dael were released."),
    "hedged with alleged": ("bombardment", "Activists allege that planes bombed Maarat al-Numan."),
    "hedged with it is believed": ("attack", "Cells are believed to have attacked a checkpoint in Jasim."),
    "refusal of a deal": ("deal_refused", "The committee of Daraa al-Balad rejected the Russian offer."),
    "talks that failed": ("deal_refused", "Talks over Umm Batna failed."),
    "deal on terms": ("deal_agreed", "A deal was reached in Zakia under which gunmen would leave."),
    "agreement to": ("deal_agreed", "The army and elders of Kanaker reached an agreement to lift the siege."),
    "truce renewed": ("deal_agreed", "A truce in al-Waer was signed again."),
    "talks about a plan": ("talks", "Officers met elders of Tafas to discuss a handover of weapons."),
    "protest with a demand": ("protest", "Residents of Nawa protested to demand the release of detainees."),
    "protest against a plan": ("protest", "A demonstration took place in Inkhil against the planned conscription."),
    "term carried out": ("weapons_handover", "Under the deal, fighters in Tasil handed over forty rifles."),
    "term carried out, passive": ("release", "As agreed, nine detainees of Jasim were freed."),
    "term carried out on terms": ("evacuation", "In line with the accord, buses left the town of Kafriya."),
    "after a refusal": ("storming", "After the gunmen refused to leave, the army stormed Inkhil."),
    "after a threat": ("siege_imposed", "Having threatened to storm it, the army imposed a siege on Kanaker."),
    "despite a promise": ("arrest", "Despite its promise not to harass anyone, a patrol arrested two men in Zakia."),
    "despite a denial": ("bombardment", "Although Moscow denied it, planes bombed Saraqib."),
    "but after a negation": ("raid", "Troops did not storm Dael but raided houses on its edge."),
    "not only": ("arrest", "The patrol not only raided farms, it arrested ten men in Saasaa."),
    "beside a postponement": ("release", "The evacuation was postponed, and four captives were released in Fuaa."),
    "before a demand": ("reinforcement", "The army sent reinforcements to Tafas and demanded rifles."),
    "those who refused": ("evacuation", "Fighters who rejected the deal left the town of Zabadani."),
    "build-up for a storm": ("reinforcement", "Military reinforcements arrived in Nawa in preparation to storm it."),
    "without resistance": ("deployment", "Without a shot, police entered the town of Tafas."),
    "in exchange for a promise": ("weapons_handover", "Gunmen in Jasim surrendered rifles in return for an amnesty."),
    "in force": ("siege_continues", "The blockade of Madaya continues."),
    "goods kept out": ("siege_continues", "Soldiers prevent the entry of food and fuel into Madaya."),
    "still held": ("custody_continues", "The six women of Kanaker are still held."),
    "allowed in": ("aid_entry", "Aid trucks were allowed into Douma."),
    "began": ("settlement", "The settlement of the status of wanted men began in Dumayr."),
    "managed to": ("evacuation", "Forty families managed to leave the town of Yalda on buses."),
    "broken deal": ("deal_broken", "The army broke the truce in Talbiseh."),
    "strikes a deal": ("deal_agreed", "The command struck a deal with elders of Nahta."),
    "forced to": ("weapons_handover", "Under pressure the fighters of Ibta handed over their guns."),
    "since the deal": ("checkpoint_set_up", "Since the deal, the army has set up a checkpoint in Sayda."),
    "who wanted": ("arrest", "A patrol detained a man of Muzayrib who wanted to cross the border."),
}  # fmt: skip


def read_modalities(text, event_type, gazetteer):
    rows = code_report(Report("x-1", "x", "", "2020-10-09", text), gazetteer)
    return [r["modality"] for r in rows if r["type"] == event_type]


@pytest.mark.parametrize(("event_type", "modality", "text"), NOT_FACTS.values(), ids=NOT_FACTS)
def test_what_is_no_fact_is_not_coded_as_one(event_type, modality, text, gazetteer):
    assert "actual" not in read_modalities(text, event_type, gazetteer)


@pytest.mark.parametrize(("event_type", "modality", "text"), NOT_FACTS.values(), ids=NOT_FACTS)
def test_what_is_no_fact_keeps_its_modality(event_type, modality, text, gazetteer):
    assert read_modalities(text, event_type, gazetteer) == [modality]


@pytest.mark.parametrize(("event_type", "text"), FACTS.values(), ids=FACTS)
def test_fact_is_coded_as_one(event_type, text, gazetteer):
    assert "actual" in read_modalities(text, event_type, gazetteer)


def test_most_of_the_table_is_no_fact():
    assert len(NOT_FACTS) + len(FACTS) >= 84
    assert len(NOT_FACTS) >= len(FACTS)
