"""
Which language is it?
=====================

A language model of characters for each language, and Bayes' rule: five sentences of each are
enough to recognise it in nine words.
"""

# %%
# The beginning of the Universal Declaration of Human Rights, in seven languages.
DECLARATION = {
    "Dutch": (
        "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn "
        "begiftigd met verstand en geweten, en behoren zich jegens elkander in een geest "
        "van broederschap te gedragen. Een ieder heeft aanspraak op alle rechten en "
        "vrijheden, in deze Verklaring opgesomd. Een ieder heeft het recht op leven, "
        "vrijheid en onschendbaarheid van zijn persoon. Niemand zal in slavernij of "
        "horigheid gehouden worden."
    ),
    "English": (
        "All human beings are born free and equal in dignity and rights. They are endowed "
        "with reason and conscience and should act towards one another in a spirit of "
        "brotherhood. Everyone is entitled to all the rights and freedoms set forth in "
        "this Declaration. Everyone has the right to life, liberty and security of "
        "person. No one shall be held in slavery or servitude."
    ),
    "French": (
        "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils "
        "sont doués de raison et de conscience et doivent agir les uns envers les autres "
        "dans un esprit de fraternité. Chacun peut se prévaloir de tous les droits et de "
        "toutes les libertés proclamés dans la présente Déclaration. Tout individu a "
        "droit à la vie, à la liberté et à la sûreté de sa personne. Nul ne sera tenu en "
        "esclavage ni en servitude."
    ),
    "German": (
        "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit "
        "Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit "
        "begegnen. Jeder hat Anspruch auf die in dieser Erklärung verkündeten Rechte und "
        "Freiheiten. Jeder hat das Recht auf Leben, Freiheit und Sicherheit der Person. "
        "Niemand darf in Sklaverei oder Leibeigenschaft gehalten werden."
    ),
    "Italian": (
        "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono "
        "dotati di ragione e di coscienza e devono agire gli uni verso gli altri in "
        "spirito di fratellanza. Ad ogni individuo spettano tutti i diritti e tutte le "
        "libertà enunciate nella presente Dichiarazione. Ogni individuo ha diritto alla "
        "vita, alla libertà ed alla sicurezza della propria persona. Nessun individuo "
        "potrà essere tenuto in stato di schiavitù o di servitù."
    ),
    "Portuguese": (
        "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados "
        "de razão e de consciência, devem agir uns para com os outros em espírito de "
        "fraternidade. Todos os seres humanos podem invocar os direitos e as liberdades "
        "proclamados na presente Declaração. Todo o indivíduo tem direito à vida, à "
        "liberdade e à segurança pessoal. Ninguém será mantido em escravatura ou em "
        "servidão."
    ),
    "Spanish": (
        "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados "
        "como están de razón y conciencia, deben comportarse fraternalmente los unos con "
        "los otros. Toda persona tiene los derechos y libertades proclamados en esta "
        "Declaración. Todo individuo tiene derecho a la vida, a la libertad y a la "
        "seguridad de su persona. Nadie estará sometido a esclavitud ni a servidumbre."
    ),
}

# %%
# What is to be recognised are sentences of everyday life, with the same meaning in each.
EVERYDAY = {
    "Dutch": [
        "het weer is vandaag mooi en we gaan naar het strand",
        "waar is het station en hoe laat vertrekt de trein",
        "mijn broer drinkt koffie maar ik drink liever thee",
        "morgen moet ik werken en daarna ga ik boodschappen doen",
        "de kinderen spelen buiten in de tuin met de hond",
    ],
    "English": [
        "the weather is nice today and we are going to the beach",
        "where is the station and what time does the train leave",
        "my brother drinks coffee but I prefer to drink tea",
        "tomorrow I have to work and then I will do some shopping",
        "the children are playing outside in the garden with the dog",
    ],
    "French": [
        "il fait beau aujourd'hui et nous allons à la plage",
        "où est la gare et à quelle heure part le train",
        "mon frère boit du café mais je préfère boire du thé",
        "demain je dois travailler et ensuite je ferai des courses",
        "les enfants jouent dehors dans le jardin avec le chien",
    ],
    "German": [
        "das Wetter ist heute schön und wir gehen an den Strand",
        "wo ist der Bahnhof und um wie viel Uhr fährt der Zug",
        "mein Bruder trinkt Kaffee aber ich trinke lieber Tee",
        "morgen muss ich arbeiten und danach gehe ich einkaufen",
        "die Kinder spielen draußen im Garten mit dem Hund",
    ],
    "Italian": [
        "oggi il tempo è bello e andiamo alla spiaggia",
        "dov'è la stazione e a che ora parte il treno",
        "mio fratello beve il caffè ma io preferisco bere il tè",
        "domani devo lavorare e poi vado a fare la spesa",
        "i bambini giocano fuori nel giardino con il cane",
    ],
    "Portuguese": [
        "hoje o tempo está bom e nós vamos à praia",
        "onde fica a estação e a que horas parte o comboio",
        "o meu irmão bebe café mas eu prefiro beber chá",
        "amanhã tenho de trabalhar e depois vou fazer compras",
        "as crianças brincam lá fora no jardim com o cão",
    ],
    "Spanish": [
        "hoy hace buen tiempo y vamos a la playa",
        "dónde está la estación y a qué hora sale el tren",
        "mi hermano bebe café pero yo prefiero beber té",
        "mañana tengo que trabajar y después voy a hacer compras",
        "los niños juegan fuera en el jardín con el perro",
    ],
}

# %%
# A sentence of the declaration is a text to learn. The models are of characters, since hardly
# a word of these sentences is in the declaration, and small ones: there is little to learn.
import numpy as np

from sklearn_sslm import NGramClassifier, WordIndexTransformer

texts = [text.split(". ") for text in DECLARATION.values()]
labels = np.repeat(list(DECLARATION), [len(of_one) for of_one in texts])
texts = np.concatenate(texts)


def pieces(n_words):
    """The sentences in pieces of so many words, and their languages."""
    found = [
        (" ".join(words[i : i + n_words]), language)
        for language, sentences in EVERYDAY.items()
        for words in map(str.split, sentences)
        for i in range(0, len(words) - n_words + 1, n_words)
    ]
    return [np.array(column) for column in zip(*found, strict=True)]


# %%
# How many words does it take, and how much does the order of characters help? A line for each
# ``n``, with the share of single words, of three and of nine words that are recognised.
characters = WordIndexTransformer(analyzer="char", lowercase=True)
for n in [1, 2, 3, 4]:
    model = NGramClassifier(n, word_index=characters)
    model.fit(texts, labels)
    scores = [model.score(*pieces(n_words)) for n_words in [1, 3, 9]]
    print(f"n={n}:", *(f"{score:.2f}" for score in scores))

# %%
# Where are the mistakes? Three words are often too few for a model of five sentences.
import matplotlib.pyplot as plt
from sklearn.metrics import ConfusionMatrixDisplay

asked, languages = pieces(3)
fig, ax = plt.subplots(figsize=(6.5, 5.5), layout="constrained")
ConfusionMatrixDisplay.from_estimator(
    model, asked, languages, ax=ax, cmap="Blues", xticks_rotation=45, colorbar=False
)
ax.set(title="Languages of three words, true and predicted")
plt.show()

# %%
# Which characters speak for which language? ``explain`` tells, in bits, how much likelier each
# is there than in all languages on average.
text = "os seus irmãos"
table = model.explain(text)
fig, ax = plt.subplots(figsize=(8, 3.4), layout="constrained")
image = ax.imshow(table["evidence"].T, cmap="RdBu", vmin=-4, vmax=4, aspect="auto")
ax.set_xticks(range(len(table)), [word or "end" for word in table["word"]])
ax.set_yticks(range(len(model.classes_)), model.classes_)
fig.colorbar(image, label="bits of evidence")
ax.set(title=f"Why “{text}” is {model.predict([text])[0]}")
plt.show()
