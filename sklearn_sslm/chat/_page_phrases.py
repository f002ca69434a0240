"""The phrases of the chat page, in English and in Portuguese."""

from __future__ import annotations

from ..utils import UserError

PAGE: dict[str, dict[str, str]] = {
    "en": {
        "title": "A super small language model",
        "knows": "It knows {words} different words.",
        "knows_of": "It knows {words} different words from {texts} texts.",
        "conversation": "Conversation",
        "say_something": "Say something.",
        "message": "Message",
        "another": "Another reply",
        "send": "Send",
        "no_other": "It has no other reply to that.",
        "next_at_start": "Next word at the start of a text",
        "next_after": "Next word after “{text}”",
        "next_in_reply": "Next word in reply to “{text}”",
        "completes": "Words that begin with “{half}” after “{text}”",
        "completes_at_start": "Words that begin with “{half}” at the start of a text",
        "completes_message": "Words of messages that begin with “{half}”",
        "full_bar": "A full bar is {share}.",
        "no_next": "Nothing can come next.",
        "end": "(end of text)",
        "said": "You said",
        "replied": "It replied",
        "to_be_surprised": "Say something to see how surprising each of its words is.",
        "surprise": "Surprise in bits: 0 is certain, 1 a coin toss, ∞ never expected.",
        "no_reply": "It does not know your last words.",
        "why": "Why this reply?",
        "why_nothing": "There is no reply yet.",
        "why_fallback": (
            "It is what is said where nothing was found to go on with, and no word of it "
            "was drawn."
        ),
        "why_word": "Word",
        "why_from": "What it came from",
        "why_p": "p",
        "from_after": "was learned after “{text}”",
        "from_start": "was learned at the start of a text",
        "from_message": "was learned in reply to “{text}”",
        "from_reply": "was learned at the start of a reply",
        "from_anywhere": "was learned somewhere, after other words",
        "from_nowhere": "was never learned there",
        "from_you": "was heard, and not learned",
        "n": "n",
        "about_n": "Each word depends on the n − 1 words before it.",
        "temperature": "Temperature",
        "about_temperature": "0 always takes the likeliest word; more is bolder.",
        "listens": "Listens",
        "about_listens": (
            "What is said is likelier to be said again. It is yours alone, and not learned."
        ),
        "forget_said": "Forget what I said",
        "said_forgotten": "What was said is forgotten.",
        "lesson": "Lesson",
        "lesson_example": "cars are vehicles",
        "about_lesson": "A sentence to learn, or to forget. It is yours alone.",
        "about_shared": (
            "A sentence to learn, or to forget. Everyone who visits shares it."
        ),
        "teach": "Teach",
        "forget": "Forget",
        "learned": "Learned: {text}",
        "forgotten": "Forgotten: {text}",
        "not_learned": "Not learned: {why}",
        "not_forgotten": "Not forgotten: {why}",
        "too_long": "A text can have up to {most} characters. Got {size}",
        "no_word": "There is no word in it",
        "too_many": (
            "One visitor can change up to {most} texts. Reload the page to begin anew"
        ),
        "not_in_data_set": "It is no text of the data set, and no others are forgotten",
        "never_learned": "It has not learned {text!r}, or not so often",
        "nothing_left": "It would know nothing any more",
        "unknown_word": "It does not know the word “{word}”",
        "no_answer": "It has no reply to that",
        "not_possible": "The model does not take it",
    },
    "pt": {
        "title": "Um modelo de linguagem superpequeno",
        "knows": "Conhece {words} palavras diferentes.",
        "knows_of": "Conhece {words} palavras diferentes de {texts} textos.",
        "conversation": "Conversa",
        "say_something": "Diga alguma coisa.",
        "message": "Mensagem",
        "another": "Outra resposta",
        "send": "Enviar",
        "no_other": "Não há outra resposta a isso.",
        "next_at_start": "Próxima palavra no início de um texto",
        "next_after": "Próxima palavra depois de “{text}”",
        "next_in_reply": "Próxima palavra em resposta a “{text}”",
        "completes": "Palavras que começam com “{half}” depois de “{text}”",
        "completes_at_start": (
            "Palavras que começam com “{half}” no início de um texto"
        ),
        "completes_message": "Palavras de mensagens que começam com “{half}”",
        "full_bar": "Uma barra cheia vale {share}.",
        "no_next": "Nada pode vir a seguir.",
        "end": "(fim do texto)",
        "said": "Você disse",
        "replied": "A resposta",
        "to_be_surprised": (
            "Diga alguma coisa para ver a surpresa de cada uma das palavras."
        ),
        "surprise": (
            "Surpresa em bits: 0 é certo, 1 é cara ou coroa, ∞ nunca se esperava."
        ),
        "no_reply": "As suas últimas palavras não são conhecidas.",
        "why": "Por que esta resposta?",
        "why_nothing": "Ainda não há resposta.",
        "why_fallback": (
            "É o que se diz quando não há como continuar; nenhuma palavra foi sorteada."
        ),
        "why_word": "Palavra",
        "why_from": "De onde veio",
        "why_p": "p",
        "from_after": "foi aprendida depois de “{text}”",
        "from_start": "foi aprendida no início de um texto",
        "from_message": "foi aprendida em resposta a “{text}”",
        "from_reply": "foi aprendida no início de uma resposta",
        "from_anywhere": "foi aprendida em algum lugar, depois de outras palavras",
        "from_nowhere": "nunca foi aprendida ali",
        "from_you": "foi ouvida, e não aprendida",
        "n": "n",
        "about_n": "Cada palavra depende das n − 1 palavras anteriores.",
        "temperature": "Temperatura",
        "about_temperature": "0 usa sempre a palavra mais provável; mais é mais ousado.",
        "listens": "Ouve",
        "about_listens": (
            "O que se diz fica mais provável. É só seu, e não é aprendido."
        ),
        "forget_said": "Esqueça o que eu disse",
        "said_forgotten": "O que você disse foi esquecido.",
        "lesson": "Lição",
        "lesson_example": "carros são automóveis",
        "about_lesson": "Uma frase para aprender, ou para esquecer. É só sua.",
        "about_shared": (
            "Uma frase para aprender, ou para esquecer. Vale para todos os visitantes."
        ),
        "teach": "Ensinar",
        "forget": "Esquecer",
        "learned": "Aprendido: {text}",
        "forgotten": "Esquecido: {text}",
        "not_learned": "Não aprendido: {why}",
        "not_forgotten": "Não esquecido: {why}",
        "too_long": "Um texto pode ter até {most} caracteres. Este tem {size}",
        "no_word": "Não há nenhuma palavra",
        "too_many": (
            "Um visitante pode mudar até {most} textos. Recarregue a página para recomeçar"
        ),
        "not_in_data_set": (
            "Não é um texto do conjunto de dados, e outros não são esquecidos"
        ),
        "never_learned": "{text!r} não foi aprendido, ou não tantas vezes",
        "nothing_left": "Não restaria nada",
        "unknown_word": "A palavra “{word}” não é conhecida",
        "no_answer": "Não há resposta a isso",
        "not_possible": "O modelo não aceita isso",
    },
}
"""For each language of `PHRASES`, the phrases of the page by their names."""

_POINTS = str.maketrans(",.", ".,")


class Refusal(UserError):
    """A request of a visitor is refused; the reason is a phrase of the page.

    Parameters
    ----------
    name : str
        The name of the phrase.
    **values
        The values of its placeholders.

    Examples
    --------
    >>> refusal = Refusal("no_word")
    >>> str(refusal), refusal.in_language("pt")
    ('There is no word in it', 'Não há nenhuma palavra')
    """

    def __init__(self, name: str, **values: object) -> None:
        self.name = name
        self.values = values
        super().__init__(self.in_language("en"))

    def in_language(self, language: str) -> str:
        """The reason in a language."""
        return phrase(language, self.name, **self.values)


def phrase(language: str, name: str, **values: object) -> str:
    """A phrase of the page.

    Parameters
    ----------
    language : str
        A key of `PAGE`.
    name : str
    **values
        The values of its placeholders; numbers get the separators of the language.

    Returns
    -------
    str

    Examples
    --------
    >>> phrase("pt", "knows", words=12345), phrase("en", "learned", text="a {b}")
    ('Conhece 12.345 palavras diferentes.', 'Learned: a {b}')
    """
    shown = {
        key: _number(f"{value:,}", language) if isinstance(value, int) else value
        for key, value in values.items()
    }
    return PAGE[language][name].format(**shown)


def percentage(p: float, language: str) -> str:
    """A probability in percent, with two significant digits.

    Examples
    --------
    >>> [percentage(p, "en") for p in (1.0, 0.123, 0.0456, 0.000789, 1e-9)]
    ['100%', '12%', '4.6%', '0.079%', '<0.0001%']
    >>> percentage(0.0456, "pt")
    '4,6%'
    """
    percent = float(f"{100 * p:.2g}")
    if p and percent < 1e-4:
        return _number("<0.0001%", language)
    n_digits, limit = 0, 10.0
    while percent and percent < limit:
        n_digits, limit = n_digits + 1, limit / 10
    shown = f"{percent:.{n_digits}f}" if p < 1 else "100"
    return _number(f"{shown}%", language)


def bits_of(surprise: float, language: str) -> str:
    """A surprise in bits, with one digit after the point.

    >>> bits_of(2.25, "pt"), bits_of(float("inf"), "en"), bits_of(-1e-17, "en")
    ('2,2', '∞', '0.0')
    """
    if surprise == float("inf"):
        return "∞"
    return _number(f"{surprise + 0.0:.1f}".removeprefix("-"), language)


def _number(shown, language):
    return shown.translate(_POINTS) if language == "pt" else shown
