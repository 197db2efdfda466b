"""French: words by which faults are found; elisions are words of their own. Written by hand, after the English ones."""

from typing import Final

from feedback_core.surveys.lint.lexicons.form import Lexicon
from feedback_core.surveys.lint.phrases import phrases, several

_PRAISE: Final = """
    fantastique|fantastiques
    formidable|formidables
    merveilleux|merveilleuse|merveilleuses
    excellent|excellente|excellents|excellentes
    exceptionnel|exceptionnelle|exceptionnels
    extraordinaire
    incroyable|incroyables
    magnifique|magnifiques
    génial|géniale
    délicieux|délicieuse
    passionnant|passionnante
    primé|primée
    innovant|innovante -> nouveau
    révolutionnaire -> nouveau
    imbattable|imbattables
    exclusif|exclusive
"""
_LOADED: Final = """
    injuste|injustes
    ridicule|ridicules
    scandaleux|scandaleuse
    honteux|honteuse
    désastreux|désastreuse
    terrible|terribles
    horrible|horribles
    affreux|affreuse
    incompétent|incompétente|incompétents
    paresseux|paresseuse
    cupide|cupides|avide|avides
    démodé|démodée|dépassé|dépassée -> ancien
    obsolète|obsolètes -> ancien
    pénible|pénibles
    abusif|abusive|abusives|abusifs
    gaspillage|gaspiller -> dépenser
    victime|victimes
    trompeur|trompeuse
    excessif|excessive|excessifs
"""
_UNITS: Final = {
    "jour": 1, "jours": 1, "semaine": 7, "semaines": 7, "mois": 30.4, "trimestre": 91, "an": 365, "ans": 365,
    "année": 365, "années": 365, "décennie": 3650,
}  # fmt: skip
_NUMBERS: Final = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "douze": 12, "quelques": 3,
}  # fmt: skip

LEXICON: Final = Lexicon(
    language="fr",
    leading=phrases("""
        ^ ne pensez|trouvez|croyez|diriez|voulez|préférez vous pas
        ^ n est|était|êtes|avez|aimeriez il|ce|elle|vous pas
        ^ n est ce pas
        , n est ce pas $
        , non $
        la plupart de|des nos|clients|gens|personnes|utilisateurs
        comme la plupart|beaucoup
        tout le monde sait
        chacun sait
        comme vous le savez
        les experts recommandent|disent|conseillent
        les études montrent|démontrent|prouvent
        bien sûr
        évidemment
        sûrement
        pourquoi préférez|aimez|choisissez vous
        dépassé vos attentes
    """),
    agreeing=phrases("""
        d accord pour|avec|que
        êtes vous d accord
        tout à fait d accord
        pas d accord
    """),
    loaded=phrases(_PRAISE + _LOADED),
    praise=phrases(_PRAISE),
    how=frozenset({"combien"}),
    absolute=phrases("""
        toujours
        jamais
        tous nos|les|vos employés|conseillers|agents|collaborateurs
        chaque fois
        personne
        aucun|aucune
        totalement
        complètement
        absolument
        entièrement
        exclusivement
    """),
    not_absolute=phrases("tous les jours|mois|ans\naucun|aucune de|des\npersonne à|qui|qu"),
    hypothetical=phrases("""
        imaginez|supposez|supposons
        que feriez vous
        achèteriez|utiliseriez|paieriez|payeriez|viendriez|choisiriez|changeriez|souscririez vous
        combien seriez|paieriez vous
        seriez vous prêt|prête|intéressé|intéressée|disposé
        s il|elle|ils|elles était|étaient|avait|avaient|pouvait
        si nous ouvrions|offrions|proposions|avions|étions
    """),
    polite=phrases(
        "comment qualifieriez|évalueriez|noteriez|décririez vous\nrecommanderiez vous\nsouhaiteriez vous ajouter"
    ),
    assumptive=phrases("""
        quand vous êtes vous plaint|plainte
        quand avez vous réclamé|annulé|résilié|retourné
        qu est ce qui|que vous a|n déplu|a
        qu avez vous le|moins plus|aimé|apprécié|détesté
        qu est ce que vous aimez|avez
        quels|quelles problèmes|difficultés avez|ont
        pourquoi préférez|avez vous
        pourquoi préférez|aimez vous
        combien de temps avez vous attendu
        combien de cigarettes
        à quel point avez vous aimé|apprécié
    """),
    if_any=phrases("le cas échéant\ns il y en\nsi oui\nséventuellement\néventuellement"),
    sensitive=phrases("""
        revenu|revenus -> income
        salaire|salaires -> income
        combien gagnez -> income
        religion|religieux|religieuse -> religion
        origine ethnique -> ethnic origin
        ethnie -> ethnic origin
        orientation sexuelle -> sexual life
        handicap|handicapé|handicapée -> health
        maladie|maladies -> health
        enceinte|grossesse -> health
        voté|voter -> political opinion
        parti politique -> political opinion
        syndicat|syndiqué -> union membership
        dette|dettes|endetté -> debts
        date de naissance -> identity
        état civil -> family
        situation familiale|matrimoniale -> family
        nationalité -> origin
        casier judiciaire -> offences
        fumez|cigarettes -> smoking
        alcool -> alcohol
        drogue|drogues -> drugs
    """),
    jargon=phrases("""
        omnicanal|omnicanale -> tous nos moyens de contact
        onboarding -> premiers jours
        feedback -> avis
        synergie|synergies -> avantages
        parcours client -> étapes
        point de contact -> contact
        kpi|kpis -> chiffres
        ticket -> demande
        escalade -> transmission à un spécialiste
        bande passante -> vitesse de votre connexion
        latence -> délai
        proposition de valeur -> offre
        portail -> site
        optimisation -> amélioration
        process -> démarche
    """),
    known=frozenset("tv pc id ok ue usa onu pdf sms tva pin usb cd dvd gps rib sncf ii iii iv sa sarl km kg".split()),
    joins=phrases("et\nainsi que"),
    either=several("ou"),
    pairs=phrases("""
        recherche et développement
        ami|amis|amie ou|et à|collègue|collègues|famille|proche
        nom et prénom|adresse
        date et heure
        facile ou difficile
        satisfait|satisfaite ou insatisfait|insatisfaite|mécontent
        probable ou improbable
        questions|question et réponses|réponse
        plus ou moins
        mieux ou moins|pire
        entre _ et
        ni _ ni
        ou plus|moins
        jour et nuit
        aller et retour
    """),
    verbs=phrases("visitez|appelez|utilisez|lisez|achetez|notre|nos|le|la|les|votre|vos"),
    determiners=frozenset("le la les l notre nos votre vos un une mon ma mes".split()),
    tails=frozenset("de du des d avec dans pour par quand lors pendant".split()),
    negations=several("pas jamais personne rien aucun aucune ni sans"),
    negative=phrases("""
        oppose|opposez|contre|interdiction|interdire|interdit
        refuse|refuser|refusez|empêcher|éviter|rejeter
        impossible|improbable|inutile|incorrect|insatisfait|mécontent|faux|malpoli
        manque|désaccord
        jamais|personne|aucun|aucune|rien
        n est il pas
    """),
    behaviour=phrases("""
        combien de fois
        à quelle fréquence
        combien avez vous dépensé|payé|acheté
        avez vous déjà
        avez vous contacté|appelé|utilisé|visité
        avez vous eu un|des problème|problèmes
    """),
    told_when=phrases("""
        aujourd hui
        hier
        cette|ce|cet semaine|mois|année|matin|visite|commande|appel|problème
        depuis janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|le|la|votre
        lors de votre|la|cette
        pendant votre|la|le
        votre dernier|dernière
        la dernière fois
        par jour|semaine|mois|an
        il y a
        au cours des|du|de
        ces dernières|derniers
        les _ dernières|derniers
        des _ dernières|derniers
        le|la dernier|dernière|mois|semaine dernier|dernière
    """),
    ever=phrases("dans|de votre|toute vie|votre\ndepuis que vous êtes"),
    past=frozenset("dernier derniers dernière dernières passé passée écoulé écoulés".split()),
    units=_UNITS,
    numbers=_NUMBERS,
    agree_choices=phrases("d accord\nvrai"),
    disagree_choices=phrases("pas d accord\npas du tout d accord\nen désaccord\nfaux"),
    good=phrases("""
        excellent|excellente|parfait|parfaite
        bon|bonne|bien
        satisfait|satisfaite|content|contente
        facile|clair|claire|utile|poli|polie|propre|rapide|important|importante
        mieux|meilleur|meilleure
        probable
        d accord
    """),
    bad=phrases("""
        mauvais|mauvaise|mal|médiocre|terrible|horrible
        insatisfait|insatisfaite|mécontent|mécontente
        difficile|confus|confuse|inutile|sale|lent|lente
        pire|moins bien|bon
        improbable
        pas satisfait|satisfaite|facile|utile|clair|important|d|bon|bien
        pas du tout
    """),
    middling=phrases("ni\nmoyen|moyenne|neutre|acceptable|passable|correct\ncomme prévu\nidentique"),
    nothing_of_it=phrases("pas du tout\njamais"),
    degrees=several("peu légèrement modérément plutôt assez extrêmement"),
    comparing=several("trop"),
    frequencies=phrases("""
        jamais|rarement|parfois|souvent|toujours|fréquemment|occasionnellement
        chaque|tous jour|semaine|mois|an|les
        quotidiennement
        une|deux fois
        moins souvent
    """),
    other=phrases("""
        autre|autres
        aucun|aucune
        quelqu un d
        rien
        ^ personne
        sans objet
    """),
    unsaid=phrases("""
        ne sais|sait|souhaite|me|se pas|souviens|prononce
        je préfère ne
        sans opinion|réponse|objet
        non applicable|concerné|concernée
    """),
    optional=phrases("facultatif\nsi vous le souhaitez\nsi vous souhaitez"),
    yes_no=several("oui non peut-être vrai faux"),
    recommend=phrases("recommand*"),
    likely=phrases("probable\nprobabilité"),
    overall=phrases("globalement\ndans l ensemble\nen général\nau total"),
    frequent=frozenset(
        "le la les de des du et vous votre vos notre nos est sont a avez êtes qu que qui quel quelle quels quelles"
        " comment combien un une au aux en pour avec dans ne pas il ce cette d l s n fois par sur ou".split()
    ),
)
"""What is known of French."""
