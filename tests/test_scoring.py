"""The scores of clauses, found by number for many texts at once, against the names of their features, one clause at a time."""

from pathlib import Path

import numpy as np

from analysis.choosing import DateModel, PlaceModel, name_dates, name_places
from analysis.coding import code_reports, lay_out
from analysis.passages import mark_passage, read_reports
from analysis.reports import read_corpus
from analysis.scoring import score_clauses
from analysis.weighing import name_clauses, read_weights

HOME = Path(__file__).parents[1]


def test_scores_are_the_weights_of_the_names_added_up(gazetteer):
    weights, reading = read_weights(), read_reports(read_corpus(HOME / "data/raw")[:20], gazetteer)
    kinds = weights.type_model.read_kinds(reading.words.kinds)
    sentences = [(report, number) for report, passages in enumerate(reading.passages) for number in range(len(passages))]
    layout, cues, marks = lay_out(reading, kinds, sentences, slice(None))
    expected = []
    for passages in reading.passages:
        for number, passage in enumerate(passages):
            for names in name_clauses(passage.sentence.words, passage.clauses, passage.hits, mark_passage(passages, number)):
                expected.append(sum(weights.type_rows[weights.type_index[n]] for n in set(names) if n in weights.type_index))
    scores = score_clauses(weights.type_model, layout, cues, marks)
    assert len(layout.lengths) == len(expected) > 300
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-np.array(expected))), rtol=1e-9)


def test_places_and_days_are_chosen_by_the_weights_of_their_names_added_up(gazetteer, monkeypatch):
    chosen = {PlaceModel: [], DateModel: []}
    for model, name in ((PlaceModel, name_places), (DateModel, name_dates)):

        def choose(self, *given, model=model, name=name, found=model.choose):
            answer, options = found(self, *given), next(g for g in given if isinstance(g, list))
            context = [g for g in given if g is not options]
            split = len(context) - (model is DateModel)  # the tense stands behind the option
            totals = [self.behind.add_up(name(*context[:split], o, *context[split:])) for o in options]
            best = options[totals.index(max(totals))]
            chosen[model].append((answer[0] if model is PlaceModel else answer, best.ids if model is PlaceModel else best))
            return answer

        monkeypatch.setattr(model, "choose", choose)
    code_reports(read_corpus(HOME / "data/raw")[:20], gazetteer)
    for pairs in chosen.values():
        assert len(pairs) > 60 and all(answer == best for answer, best in pairs)
