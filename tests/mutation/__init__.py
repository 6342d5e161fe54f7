"""Would the fast tests notice a slip? Small changes are made to a module, one at a time, and its tests are run.

A check of the tests, not one of them: it takes minutes and is asked for by hand ::

    python -m tests.mutation                                   # what targets there are
    python -m tests.mutation decisions --count 40 --seed 1     # forty mutants, drawn evenly over kinds of change
    python -m tests.mutation decisions --list                  # the names of all mutants
    python -m tests.mutation decisions --only 'NAME'           # one again; the name as printed; may be repeated

A copy of the project is made in a temporary folder, so that nothing here changes. The named tests run there with
``-x -q`` and without slow ones; they must pass before anything is mutated. Survivors are printed; the status is 1 where
more than one in ten survives. A survivor asks for a test with a known answer or a law that must hold, or it is
equivalent: no test could see it, for nothing that is promised changes. Those stand in ``equivalents.toml``, each with a
word why, and are left out. The same seed draws the same mutants as long as the target's text stays.

`mutants` makes changes, `targets` says what is checked by which tests, `trial` runs them.
"""
