"""The form of an exercise: its fields are the page's, so only the token is declared here."""

from selfhelp.forms.tokens import TokenForm


class ExerciseForm(TokenForm):
    """An exercise. Its answers go through here and nowhere else."""

    patient = True
