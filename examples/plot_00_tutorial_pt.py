"""
O tutorial: um modelo de linguagem em oito passos
=================================================

*In English:* :ref:`sphx_glr_auto_examples_plot_00_tutorial.py`.

A um modelo de linguagem faz-se sempre a mesma pergunta: *dadas as palavras até aqui, qual
vem a seguir?* Quem sabe responder sabe escrever: escolhe uma palavra, põe no fim, pergunta
de novo. Os modelos famosos respondem com bilhões de números que ninguém consegue ler. O
nosso responde com uma tabela que caberia preencher a lápis, e no caminho vamos olhar cada
um dos seus arrays.

Basta saber um pouco de Python. De matemática, só frações.

1. Escopo: o que o modelo vai fazer.
2. Dados: com que ele aprende.
3. Arquitetura: como palavras viram números.
4. Treinamento: contar, e dividir as contagens.
5. Testes: uma resposta, sorteada palavra por palavra.
6. Refinamento: contextos maiores, e o que nunca foi visto.
7. Aprendizado: uma mensagem nova muda a tabela.
8. O seu próprio chat, que se lembra do que foi dito.
"""

# %%
# 1. Escopo
# ---------
#
# Há modelos que distinguem gatos de cachorros, outros pintam ou transcrevem a fala. É a
# primeira decisão, pois dela seguem todas as outras. Nosso escopo é **escrever textos
# curtos**: entra uma mensagem, sai um texto. A ambição é pequena de propósito: entender
# tudo.
#
# 2. Dados
# --------
#
# Um modelo sabe o que os textos lhe contam, e nada mais. Os grandes leem boa parte da
# internet; o nosso lê dez cumprimentos. Para você eles têm sentido. Para o modelo são
# apenas sequências de palavras, e é bom lembrar disso até o fim.
from sklearn_sslm.datasets import load_greetings

texts = load_greetings().data
print(*texts, sep="\n")

# %%
# 3. Arquitetura
# --------------
#
# Computadores fazem contas com números, então cada palavra recebe um, o seu *id*: a
# primeira que aparece é 1, a próxima palavra nova é 2, e assim por diante. O texto é
# dividido nos espaços, de modo que ``Olá!``, com o ponto de exclamação, é uma palavra.
from sklearn_sslm import WordIndexTransformer

index = WordIndexTransformer()
rows = index.fit_transform(texts)
words = index.words_
print({word: words.index(word) for word in ["Olá!", "Como", "você", "está?", "Oi!"]})
print(len(words) - 1, "palavras diferentes")

# %%
# Textos têm comprimentos diferentes, mas um array tem bordas retas. Por isso as linhas
# mais curtas são completadas com um id que não é de palavra nenhuma, o **padding** 0.
print(rows)

# %%
# O mesmo array, com cada palavra acima do seu id. Sempre que uma palavra volta, volta o
# número: procure o 3, *você*.
import matplotlib.pyplot as plt
import numpy as np

fig, ax = plt.subplots(figsize=(10, 4.5), layout="constrained")
ax.imshow(rows > 0, cmap="Blues", vmin=0, vmax=4, aspect="auto")
for (i, j), word_id in np.ndenumerate(rows):
    ax.text(j, i, f"{words[word_id]}\n{word_id}", ha="center", va="center", fontsize=9)
ax.set(xticks=[], yticks=range(10), yticklabels=range(1, 11), ylabel="texto")
ax.set_title("Dez textos como ids, completados com 0")
plt.show()

# %%
# O 0 faz mais do que encher a linha. Ele diz **aqui o texto acaba**, e isso vale aprender:
# um modelo que não sabe onde as frases param não para nunca. Por essa razão toda linha
# acaba com ao menos um 0. O mesmo 0 está, sem ser escrito, antes da primeira palavra: ali
# ele diz **aqui começa um texto**, e o que o segue são as palavras com que os textos
# começam. Daí o seu outro nome, *fronteira*.
#
# As linhas também podem ser cortadas num dado comprimento. O que se corta se perde,
# inclusive o fim, então não faremos isso:
print(WordIndexTransformer(max_length=4).fit_transform(texts)[:3])

# %%
# 4. Treinamento
# --------------
#
# Treinar é contar. Percorra cada texto, de fronteira a fronteira, e anote para cada par
# de vizinhas: depois *desta* palavra veio *aquela*.
from itertools import pairwise

counts = np.zeros((len(words), len(words)), dtype=int)
for row in rows:
    for word, following in pairwise([0, *row[row > 0], 0]):
        counts[word, following] += 1
print(counts.shape, "células com", counts.sum(), "pares de vizinhas")

# %%
# O treinamento é só isso. Agora, das contagens às chances. Nos nossos textos *você*
# aparece cinco vezes. Duas vezes vem depois *esteja*, e uma vez cada, *está?*, *tenha* e
# *hoje?*. Então, se tudo o que se sabe é que a última palavra foi *você*, um palpite justo
# para *esteja* é 2 em 5:
#
# .. code-block:: text
#
#                          vezes em que veio "esteja"          2
#    p(esteja | você) = -------------------------------- = ---
#                        vezes em que veio uma palavra      5
#
# ``|`` lê-se "dado": esta é uma **probabilidade condicional**. As palavras dadas são o
# *contexto*. Para ter todas de uma vez, divida cada linha da tabela pela sua soma.
proba = counts / counts.sum(axis=1, keepdims=True)

# %%
# Cinco linhas da tabela, em contagens e em probabilidades. Uma célula vazia é um zero, e
# cada linha de probabilidades soma 1.
shown = ["Olá!", "Oi!", "que", "você", "um"]
picked = [words.index(word) for word in shown]
columns = np.flatnonzero(counts[picked].any(axis=0))

titles = ["Quantas vezes uma palavra veio depois de outra", "A probabilidade de vir"]
fig, axes = plt.subplots(2, figsize=(9, 5), sharex=True, layout="constrained")
for ax, table, title in zip(axes, [counts, proba], titles):
    part = table[np.ix_(picked, columns)]
    ax.imshow(part / part.max(), cmap="Blues", vmax=1.6, aspect="auto")
    for (i, j), value in np.ndenumerate(part):
        if value:
            ax.text(j, i, f"{value:.3g}", ha="center", va="center")
    ax.set(title=title, ylabel="depois de", yticks=range(len(shown)), yticklabels=shown)
ax.set_xticks(range(len(columns)), [words[column] for column in columns], rotation=45)
ax.set_xlabel("vem")
plt.show()

# %%
# E este é o modelo inteiro: 42 contextos por 42 palavras que podem vir. A linha da
# fronteira, no alto, tem os começos dos textos; a sua coluna, à esquerda, os fins. As
# diagonais escuras são os próprios textos, cujas palavras foram numeradas em ordem.
names = ["(fronteira)", *words[1:]]
fig, ax = plt.subplots(figsize=(9, 8.5), layout="constrained")
cells = np.where(proba > 0, proba, np.nan)
image = ax.imshow(cells, cmap="viridis_r", vmin=0, vmax=1, zorder=2)
ax.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
ax.set_yticks(range(len(names)), names, fontsize=8)
ax.set(xlabel="vem", ylabel="depois de", title="Probabilidade depois de cada palavra")
ax.grid(color="0.9", linewidth=0.5)
fig.colorbar(image, label="probabilidade", shrink=0.6)
plt.show()

# %%
# A biblioteca faz o mesmo em uma linha. ``n=2`` quer dizer que ela olha pares de palavras;
# um modelo assim chama-se *bigrama*.
from sklearn_sslm import NGramTextGenerator

model = NGramTextGenerator(n=2, random_state=0).fit(texts)
print("mesma tabela:", np.allclose(model.next_word_proba(words), proba))
print(model.next_words(["Tudo bem com você"])[0])

# %%
# Quase todas as células da nossa tabela estão vazias, e com um vocabulário de verdade elas
# seriam bilhões. Por isso a biblioteca guarda apenas as outras, em ordem, cada par com a
# sua contagem. Aqui as primeiras: começos de textos, depois o que segue *Olá!*.
pairs = model.counts_.levels[1]
print(len(pairs), "pares em vez de", counts.size, "células")
for word, following, count in zip(pairs.context, pairs.word, pairs.count[:8]):
    print(f"{count} x  {names[word]} {names[following]}")

# %%
# 5. Testes
# ---------
#
# Chega uma mensagem. A sua última palavra é o contexto; dali em diante tudo é sorte, mas
# sorte viciada: corte uma barra de comprimento 1 em um pedaço para cada palavra possível,
# tão largo quanto ela é provável, jogue um dardo e fique com a palavra que ele acertar.
# Repita até acertar a fronteira.
rng = np.random.default_rng(12)
word = words.index("Olá!")
steps = []
while word != 0:
    dart = rng.random()
    steps.append((word, dart))
    word = np.searchsorted(proba[word].cumsum(), dart)
print(*[words[word] for word, _ in steps])

# %%
# Os lances que escreveram esta resposta, de cima para baixo. Onde só há um pedaço, a sorte
# não tem nada a dizer.
fig, ax = plt.subplots(figsize=(9, 0.5 * len(steps) + 0.6), layout="constrained")
for step, (word, dart) in enumerate(steps):
    left = 0
    for following in np.flatnonzero(proba[word]):
        right = left + proba[word, following]
        color = "skyblue" if left <= dart < right else "0.9"
        ax.barh(step, right - left, left=left, color=color, edgecolor="white")
        ax.text((left + right) / 2, step, names[following], ha="center", va="center")
        left = right
    ax.plot(dart, step - 0.4, "v", color="black", clip_on=False)
ax.set_yticks(range(len(steps)), [f"depois de {words[word]}" for word, _ in steps])
ax.set(xlim=(0, 1), xlabel="onde o dardo acerta", title="Uma resposta, dardo a dardo")
ax.invert_yaxis()
ax.spines[:].set_visible(False)
plt.show()

# %%
# Quão provável era esta resposta? Um passo depois do outro, então as probabilidades se
# multiplicam. (Nos livros, é a *regra da cadeia*.)
chances = [proba[a, b] for a, b in pairwise([*[word for word, _ in steps], 0])]
print(" * ".join(f"{chance:.3g}" for chance in chances), f"= {np.prod(chances):.4f}")

# %%
# ``predict`` joga os dardos por nós. Deixe que responda 10 000 vezes à mesma mensagem e
# conte o que diz: as respostas vêm tantas vezes quanto os produtos dizem.
from collections import Counter

replies = Counter(model.predict(["Olá!"] * 10_000)).most_common(8)
expected = [
    np.prod([proba[a, b] for a, b in pairwise(index.transform([reply])[0])])
    for reply, _ in replies
]
fig, ax = plt.subplots(figsize=(9, 3.5), layout="constrained")
ax.barh(range(8), [times / 10_000 for _, times in replies], label="quantas vezes veio")
ax.plot(expected, range(8), "|", color="black", ms=22, mew=2, label="o produto")
ax.set_yticks(range(8), [reply for reply, _ in replies])
ax.set(xlabel="fração das respostas", title="As respostas mais prováveis a “Olá!”")
ax.invert_yaxis()
ax.legend()
plt.show()

# %%
# Algumas delas ninguém nunca disse, e por isso o modelo é um *gerador* e não um papagaio.
# O que ele não sabe? Uma palavra que nunca leu não tem linha na tabela: aí ele pede
# desculpas. Também não sabe que ``olá`` poderia ser ``Olá!``: para um computador, duas
# palavras são iguais ou não são.
for message in ["Oi! Tudo", "Boa noite! Tudo", "olá", ""]:
    print(f"{message!r:18} -> {model.predict([message])[0]}")

# %%
# As duas primeiras respostas têm as mesmas chances, pois só a última palavra conta. E é esse o
# defeito deste modelo, como mostram os seus textos mais longos: começam num cumprimento e
# acabam em outro.
print(*model.set_params(random_state=4).sample(4), sep="\n")

# %%
# 6. Refinamento
# --------------
#
# **Uma memória mais longa.** Com ``n=3`` o contexto são as duas últimas palavras, com
# ``n=4`` as três últimas: um modelo de *n-gramas*. Contextos maiores misturam menos.
for n in range(1, 6):
    model = NGramTextGenerator(n=n, random_state=28).fit(texts)
    print(f"n={n}:  {model.sample(1)[0]}")

# %%
# Então, quanto mais, melhor? Compare duas coisas enquanto ``n`` cresce. À esquerda, quanto
# do que o modelo escreve ele apenas decorou. À direita, a sua **perplexidade**: entre
# quantas palavras igualmente prováveis seria tão difícil adivinhar a próxima? Nos textos
# que aprendeu ela cai sempre mais, mas isso é memória. A prova é um texto que ele *não*
# viu: esconda um dos dez, aprenda os outros nove e meça no escondido, com cada um por sua
# vez.
from sklearn.model_selection import LeaveOneOut, cross_val_score

orders = range(1, 6)
parrots, learned, hidden = [], [], []
for n in orders:
    model = NGramTextGenerator(n=n, random_state=0).fit(texts)
    parrots.append(np.isin(model.sample(2000), texts).mean())
    model = NGramTextGenerator(n=n, smoothing="witten_bell").fit(texts)
    learned.append(model.perplexity(texts))
    hidden.append(np.exp(-cross_val_score(model, texts, cv=LeaveOneOut()).mean()))

fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
left.bar(orders, parrots)
left.set(xlabel="n", ylabel="fração dos seus textos", title="Cópias do que aprendeu")
right.plot(orders, hidden, "o-", label="textos que não viu")
right.plot(orders, learned, "o-", label="textos que aprendeu")
right.set(xlabel="n", xticks=orders, title="Perplexidade (menor é melhor)", ylim=0)
right.legend()
plt.show()

# %%
# Com dez textos não se ganha nada depois de ``n=2``: contextos mais longos quase nunca se
# repetem, então não há o que aprender sobre o que vem depois deles. Com um milhão de
# palavras, o usual é de ``n=3`` a ``n=5``. É assim que se escolhem tais números: com
# textos que ficaram de fora.
#
# **O que nunca foi visto.** Você acaba de encontrar a palavra ``smoothing``, suavização.
# Eis para que serve. *Oi! Como você está?* é português perfeito, mas nos nossos dez textos
# nenhum *Como* vem depois de um *Oi!*, então um fator do produto é 0, e com ele o produto
# todo: impossível, diz o modelo, de uma frase que é apenas nova. Uma contagem 0 numa
# amostra pequena não prova nada.
oi, como = words.index("Oi!"), words.index("Como")
print("p(Como | Oi!) =", proba[oi, como])

# %%
# A **suavização** tira um pouco do que foi visto e dá ao que não foi. À maneira de Witten
# e Bell: quatro textos seguem depois de *Oi!*, e cada vez com uma palavra que ainda não
# tinha vindo ali. Logo, é de se esperar que venham novas, metade das vezes: 4 partes para
# o que foi visto, 4 para o novo.
#
# .. code-block:: text
#
#                   vezes em que w veio        4
#    p(w | Oi!)  =  -------------------  +  -------  p(w)
#                          4 + 4             4 + 4
#
#                       probabilidade          peso do
#                        descontada            recuo
#
# E como se repartem as 4 partes do novo? Por p(w), as probabilidades sem o contexto:
# palavras frequentes em toda parte, como *você*, recebem mais.
smooth = NGramTextGenerator(n=2, smoothing="witten_bell").fit(texts)
after_oi = smooth.next_word_proba(["Oi!"])[0]
discounted = counts[oi] / (counts[oi].sum() + np.count_nonzero(counts[oi]))
likeliest = np.argsort(-after_oi, kind="stable")[:16]

fig, ax = plt.subplots(figsize=(9, 3.5), layout="constrained")
before = proba[oi, likeliest]
ax.bar(range(16), before, fill=False, edgecolor="0.6", label="sem suavizar")
discounted, rest = discounted[likeliest], (after_oi - discounted)[likeliest]
ax.bar(range(16), discounted, color="tab:blue", label="descontado")
label = "de p(w)"
ax.bar(range(16), rest, bottom=discounted, color="tab:orange", label=label)
ax.set_xticks(range(16), [names[word] for word in likeliest], rotation=45)
ax.set(ylabel="probabilidade", title="A palavra depois de “Oi!”, com suavização")
ax.legend()
plt.show()
print(f"p(Como | Oi!) = {after_oi[como]:.4f}")

# %%
# Agora uma frase nova é improvável, mas não impossível, e menos improvável do que as suas
# palavras fora de ordem. ``score_samples`` dá o logaritmo do produto, pois produtos de
# muitos números pequenos ficam pequenos demais para um computador. Há maneiras melhores
# que a de Witten e Bell, sobretudo ``"kneser_ney"``; o guia do usuário mostra as
# diferenças.
for text in ["Oi! Como você está?", "está? você Como Oi!"]:
    print(f"{np.exp(smooth.score_samples([text])[0]):.1e}  {text}")

# %%
# 7. Aprendizado
# --------------
#
# Um modelo que conversa com gente pode aprender com ela. Não é preciso contar tudo de
# novo: uma mensagem soma às contagens em que toca, e é o que ``partial_fit`` faz.
model = NGramTextGenerator(n=2, random_state=0).fit(texts)
print("antes: ", model.predict(["O que são capivaras"])[0])
print("       ", model.next_words(["que"])[0])

model.partial_fit(["capivaras são roedores que nadam muito bem"])
print("depois:", model.predict(["O que são capivaras"])[0])
print("       ", model.next_words(["que"])[0])

# %%
# Palavras novas recebem os próximos ids, e as antigas ficam com os seus. Das linhas que a
# tabela já tinha, olhe a de *que*: estava 3 : 1 para *você* e *posso*, agora está
# 3 : 1 : 1. Só linhas assim mudam; depois de *Olá!* tudo segue como antes.
print({word: j for j, word in enumerate(model.word_index_.words_) if j > 41})

# %%
# Mas pergunte direito, com ponto de interrogação, e ele falha: a palavra ``capivaras?``
# não é ``capivaras``. A culpa é de dividir nos espaços. Conserta-se com um *tokenizador*
# que separa as palavras da pontuação e um *destokenizador* que escreve sem os espaços a
# mais. E com ``unknown="backoff"`` ele passa por cima das palavras que não conhece.
import re

split = WordIndexTransformer(tokenizer=re.compile(r"\w+|[^\w\s]").findall)
model = NGramTextGenerator(
    n=3, word_index=split, detokenizer="simple", unknown="backoff", random_state=2
)
model.fit(texts).partial_fit(
    ["O que são capivaras? capivaras são roedores que nadam muito bem."]
)
print(split.tokenize("O que são capivaras?"))
print(model.set_params(echo="none").predict(["O que são capivaras?"])[0])

# %%
# 8. O seu próprio chat
# ---------------------
#
# As peças estão todas aí, e agora é a sua vez: ponha frases suas em ``mine``, em qualquer
# língua, e o modelo fala como você. Uma *sessão* é uma conversa. Ela ouve cada mensagem e
# cada resposta, e se lembra delas: o que acaba de ser dito fica mais provável, mesmo
# palavras que o modelo nunca aprendeu.
mine = [
    "Eu sou a Bia.",
    "Gosto de música e de gatos.",
    "Você gosta de gatos? Eu gosto.",
]
model = NGramTextGenerator(
    n=3,
    smoothing="witten_bell",
    temperature=0.6,
    word_index=split,
    detokenizer="simple",
    unknown="backoff",
    echo="none",
    min_length=1,
    random_state=4,
)
model.fit([*texts, *mine])
session = model.session()


def chat(messages):
    """Responde a mensagens, uma após a outra."""
    for message in messages:
        print(">", message)
        print(" ", session.predict([message])[0])


chat(["Olá!", "Gosto de chocolate, e você?", "Você gosta de gatos?", "Gosto de"])

# %%
# *Chocolate*: o modelo nunca leu essa palavra, mas acaba de ouvi-la. Pergunte aos dois o
# que pode vir depois de *Gosto de*: ao modelo, e ao chat. O modelo mesmo não mudou. Quem
# chega depois ganha uma sessão só sua, que nada sabe desta aqui.
before = dict(model.next_words(["Gosto de"], k=50)[0])
after = dict(session.next_words(["Gosto de"], k=50)[0])
shown = list(after)[:4]

fig, ax = plt.subplots(figsize=(9, 3), layout="constrained")
for shift, chances, label in [(-0.2, before, "o modelo"), (0.2, after, "este chat")]:
    heights = [chances.get(word, 0) for word in shown]
    ax.bar(np.arange(len(shown)) + shift, heights, width=0.4, label=label)
ax.set_xticks(range(len(shown)), [word or "(fim)" for word in shown])
ax.set(ylabel="probabilidade", title="A palavra depois de “Gosto de”")
ax.legend()
plt.show()

# %%
# Num notebook ou num terminal você pode digitar as mensagens; uma vazia encerra o chat:
#
# .. code-block:: python
#
#    chat(iter(lambda: input("> "), ""))
#
# Para guardar o seu modelo, ``joblib.dump(model, "meu.joblib")``; depois ``sslm chat
# --memory -m meu.joblib`` conversa sem Python, e ``sslm chat --web --memory -m
# meu.joblib`` numa página para os seus amigos. A memória de uma sessão acaba com ela; o
# que o modelo deve saber para sempre ele aprende, como no passo 7, com ``partial_fit``.

# %%
# E os grandes?
# -------------
#
# Você já sabe como funciona um modelo de linguagem, e não só um pequeno. Também os grandes
# transformam palavras (ou pedaços delas) em ids, conhecem uma fronteira, são treinados na
# pergunta sobre a próxima palavra, medem a perplexidade em textos que ficaram de fora e
# escrevem jogando dardos. A diferença é a tabela: no lugar dela têm uma rede neural, que
# calcula a linha de *qualquer* contexto, com milhares de palavras, e percebe que ``olá`` e
# ``Olá!`` são quase o mesmo. O nosso não tem esse dom, mas aprende um milhão de palavras
# por segundo, sabe dizer de onde tem cada um dos seus números e, quando lhe pedem que
# esqueça uma mensagem, esquece mesmo: veja
# :ref:`sphx_glr_auto_examples_plot_04_online_learning_and_forgetting.py`.
#
# Continue (em inglês) com
#
# - :ref:`sphx_glr_auto_examples_plot_02_choose_n_and_smoothing.py`, onde os textos que
#   ficaram de fora escolhem por nós,
# - :ref:`sphx_glr_auto_examples_plot_03_write_like_your_documentation.py`, que faz tudo
#   isto com um milhão de palavras,
# - :ref:`sphx_glr_auto_examples_plot_06_dialogue.py`, onde mensagens têm respostas.

# sphinx_gallery_thumbnail_number = 4
