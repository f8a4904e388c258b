"""Reports on local reconciliation deals in Syria: from sentences to dated events, spells and estimates.

reports -> read published reports       places, dates, edtf, resolving -> names and days of a text
coding -> reports to events (sentences, clauses, cues, spelling, modality, pointing, placing, dating; weighing, scoring, choosing, fitting: the weights)
episodes -> events to sieges, custodies, deals (bounds keeps what sources differ on); story -> back to the sentences
npmle, durations, regression, outcomes -> estimates; robustness, simulation -> how far they can be trusted
figures, charts -> draw and save; findings, documents -> words and tables made from the data; cli -> the commands
"""
