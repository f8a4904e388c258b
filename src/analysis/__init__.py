"""Reports on local reconciliation deals in Syria: from sentences to dated events, spells and estimates.

reports  -> read published reports      places, dates -> where and when a passage speaks of
coding   -> reports to events           episodes      -> events to sieges, custodies and deals
durations, outcomes -> estimates        agreement     -> coder against coder
figures  -> draw and save               cli           -> the commands (``analysis --help``)
"""
