"""German: words by which faults are found. Written by hand, after the English ones."""

from typing import Final

from feedback_core.surveys.lint.lexicons.form import Lexicon
from feedback_core.surveys.lint.phrases import phrases, several

_PRAISE: Final = """
    fantastisch*
    großartig*
    wunderbar*
    hervorragend*
    ausgezeichnet*
    exzellent*
    einzigartig*
    brillant*
    köstlich*
    spannend*
    preisgekrönt*
    erstklassig*
    weltklasse
    innovativ* -> neu
    revolutionär* -> neu
    hochwertig*
    unschlagbar*
    exklusiv*
    engagiert*
    beliebt*
"""
_LOADED: Final = """
    ungerecht*
    unfair|unfaire|unfairen|unfairer|unfaires
    lächerlich*
    skandalös*
    katastrophal*
    schrecklich*
    furchtbar*
    unzumutbar*
    inkompetent*
    unfähig*
    faul|faule|faulen|fauler
    gierig*
    veraltet*
    überholt*
    nervig*
    lästig*
    verschwend*
    opfer
    abzocke
    irreführend*
    überteuert*
    überhöht*
"""
_UNITS: Final = {
    "tag": 1, "tage": 1, "tagen": 1, "woche": 7, "wochen": 7, "monat": 30.4, "monate": 30.4, "monaten": 30.4,
    "quartal": 91, "jahr": 365, "jahre": 365, "jahren": 365, "jahrzehnt": 3650,
}  # fmt: skip
_NUMBERS: Final = {
    "ein": 1, "eine": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12, "einigen": 3,
}  # fmt: skip

LEXICON: Final = Lexicon(
    language="de",
    leading=phrases("""
        ^ finden|meinen|glauben|denken sie nicht
        ^ finden|meinen|glauben|denken sie nicht auch
        ^ ist|sind|war|waren|wäre|sollte|sollten|würden _ nicht
        ^ ist|sind|war|waren|wäre|sollte|sollten|würden _ _ nicht
        , nicht wahr|oder $
        , oder $
        die meisten kunden|menschen|unserer|leute|nutzer
        wie die meisten|viele
        jeder weiß
        bekanntlich
        wie sie wissen
        experten|fachleute|ärzte empfehlen|sagen|raten
        studien|untersuchungen zeigen|belegen|beweisen
        sicherlich
        selbstverständlich
        natürlich
        wie großartig|toll|fantastisch|hervorragend
        warum bevorzugen|lieben|mögen sie
        erwartungen übertroffen
    """),
    agreeing=phrases(
        "stimmen sie zu\nsind sie einverstanden\nstimme|stimmen voll|völlig|zu|überhaupt\ninwieweit stimmen sie"
    ),
    loaded=phrases(_PRAISE + _LOADED),
    praise=phrases(_PRAISE + "toll*"),
    how=frozenset({"wie"}),
    absolute=phrases("""
        immer
        nie
        niemals
        alle unsere|unserer|mitarbeiter|mitarbeiterinnen
        jeder|jede mitarbeiter|mitarbeiterin|einzelne
        niemand
        keiner
        vollkommen
        völlig
        absolut
        ausschließlich
        ausnahmslos
    """),
    not_absolute=phrases("immer wieder|noch|mehr\nalle tage|zwei|drei\nkeiner|keine der|davon"),
    hypothetical=phrases("""
        stellen sie sich vor
        angenommen
        was würden sie tun|machen
        wie viel würden sie
        würden sie kaufen|nutzen|zahlen|kommen|das|unser|unsere|ein|eine|einen|einem|dafür|öfter|mehr|auch
        wenn ... wäre|wären|hätte|hätten|könnte|würde
        falls ... wäre|wären|hätte|hätten|könnte
    """),
    polite=phrases(
        "würden sie sagen\nwie würden sie bewerten|beurteilen|beschreiben"
        "\nwürden sie uns|sie ... weiterempfehlen|empfehlen"
    ),
    assumptive=phrases("""
        wann haben sie sich zuletzt beschwert
        wann haben sie zuletzt gekündigt|storniert|zurückgegeben|reklamiert
        was hat ihnen nicht gefallen
        was hat ihnen am besten gefallen
        was hat sie gestört|geärgert|begeistert|enttäuscht
        was gefällt ihnen am besten|meisten
        wie sehr hat ihnen
        wie gut hat ihnen
        welche probleme hatten|haben
        warum bevorzugen|haben sie gekündigt
        warum bevorzugen|mögen|lieben sie
        wie lange haben sie auf
        wie viele zigaretten|kinder
    """),
    if_any=phrases("falls ja|zutreffend|vorhanden|nötig|etwas\nwenn überhaupt|ja|etwas\ngegebenenfalls"),
    sensitive=phrases("""
        einkommen|haushaltseinkommen|nettoeinkommen|bruttoeinkommen -> income
        gehalt|lohn|verdienen -> income
        religion|religiös*|konfession|religionszugehörigkeit -> religion
        ethnisch*|herkunft -> ethnic origin
        sexuell* -> sexual life
        geschlecht -> gender
        behinderung|schwerbehindert* -> health
        krankheit|erkrankung|krankheiten -> health
        schwanger|schwangerschaft -> health
        partei|gewählt -> political opinion
        gewerkschaft|gewerkschaftsmitglied -> union membership
        schulden|verschuldet -> debts
        geburtsdatum -> identity
        familienstand -> family
        staatsangehörigkeit -> origin
        vorbestraft|verurteilt -> offences
        rauchen|zigaretten -> smoking
        alkohol -> alcohol
        drogen -> drugs
    """),
    jargon=phrases("""
        omnichannel -> alle Wege, uns zu erreichen
        onboarding -> erste Tage
        touchpoint|touchpoints -> Kontakt mit uns
        stakeholder -> Beteiligte
        synergie|synergien -> Vorteile
        customer journey -> Schritte
        kpi|kpis -> Zahlen
        ticket -> Anfrage
        eskalation|eskaliert -> Weitergabe
        bandbreite -> Geschwindigkeit Ihrer Verbindung
        latenz -> Verzögerung
        usability -> Bedienung
        self-service -> Selbstbedienung
        tooling -> Werkzeuge
        implementierung -> Einführung
        prozessoptimierung -> Verbesserung
    """),
    known=frozenset(
        "tv pc id ok eu usa uno pdf sms mwst pin tan usb cd dvd gps ec plz db dhl ii iii iv gmbh ag kg km".split()
    ),
    joins=phrases("und\nsowie"),
    either=several("oder"),
    pairs=phrases("""
        forschung und entwicklung
        freund|freunden|freunde|freundin oder|und kollegen|kollege|kollegin|familie|bekannten
        name und anschrift|vorname|adresse
        vor und zurück|nachname|nachteile|nachnamen
        datum und uhrzeit
        einfach oder schwierig
        zufrieden oder unzufrieden
        wahrscheinlich oder unwahrscheinlich
        fragen|frage und antworten|antwort
        mehr oder weniger
        besser oder schlechter
        zwischen _ und
        ab und zu
        hin und wieder
        nach und nach
        rund um
        oder mehr|weniger|älter|länger
        tag und nacht
        hilfs und betriebsstoffe
        kosten und nutzen
        ein und aus
    """),
    verbs=phrases("besuchen|nutzen|lesen|kaufen|rufen|unsere|unseren|unser|die|der|das|den|ihre|ihren"),
    determiners=frozenset(
        "der die das den dem des unser unsere unserer unseren unserem ihr ihre ihrer ihren ein eine".split()
    ),
    tails=frozenset("des von mit in im bei für auf am wenn als".split()),
    negations=several("nicht nie niemals kein keine keinen keiner niemand nichts weder ohne"),
    negative=phrases("""
        gegen|verbot|verbieten|verboten|ablehnen|lehnen
        verhindern|vermeiden|verweigert|verweigern
        unmöglich|unwahrscheinlich|unklar|unfreundlich|unhöflich|unzufrieden|unwichtig|falsch|unüblich|ungewöhnlich
        fehlt|fehlen|mangel
        nie|niemals|niemand|kein|keine|keinen
    """),
    since="In den letzten vier Wochen: ",
    behaviour=phrases("""
        wie oft
        wie häufig
        wie viele male
        wie viel haben sie
        haben sie uns|sich|schon|unsere|unseren kontaktiert|angerufen|einmal|mal|genutzt|besucht
        haben sie schon
    """),
    told_when=phrases("""
        heute|gestern
        diese|diesen|dieser|diesem woche|monat|jahr|bestellung|besuch|anruf|problem
        seit januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|dem|der|ihrem|ihrer
        bei|beim|während|nach ihrem|ihrer|letzten|dem|diesem
        ihr|ihre|ihren|ihrem|ihrer letzter|letzte|letzten|letztes
        zuletzt
        pro tag|woche|monat|jahr
        vor _ tagen|wochen|monaten
        in den|der|dem letzten|letzter|vergangenen
        im letzten|vergangenen
        letzten|letzte|vergangene|vergangenen woche|monat|jahr|_
        üblicherweise in
    """),
    ever=phrases("in ihrem leben\nseit sie kunde|kundin|bei"),
    past=frozenset("letzten letzte letzter letztem vergangenen vergangene vergangenem".split()),
    units=_UNITS,
    numbers=_NUMBERS,
    statements=phrases("^ ich bin zufrieden mit -> Wie zufrieden sind Sie mit"),
    agree_choices=phrases("stimme zu|voll|völlig|eher\ntrifft zu|voll|völlig|eher\nwahr"),
    disagree_choices=phrases(
        "stimme nicht|überhaupt|eher nicht|zu\nstimme ... nicht\ntrifft nicht|überhaupt\ntrifft ... nicht\nfalsch"
    ),
    good=phrases("""
        ausgezeichnet|hervorragend|exzellent|perfekt|super|toll
        gut|gute|guter
        zufrieden|begeistert
        einfach|leicht|klar|hilfreich|freundlich|höflich|sauber|schnell|wichtig|nützlich
        besser
        wahrscheinlich
        stimme zu
    """),
    bad=phrases("""
        schlecht|schlechte|mangelhaft|ungenügend|furchtbar|schrecklich
        unzufrieden|enttäuscht
        schwierig|schwer|unklar|unfreundlich|unhöflich|schmutzig|langsam|unwichtig|nutzlos
        schlechter
        unwahrscheinlich
        nicht gut|zufrieden|hilfreich|einfach|wichtig|klar
        stimme nicht
    """),
    middling=phrases(
        "weder\nmittelmäßig|befriedigend|ausreichend|neutral|durchschnittlich\nteils\nungefähr gleich\nwie erwartet"
    ),
    nothing_of_it=phrases("überhaupt nicht\ngar nicht\nnie"),
    degrees=several("etwas wenig ziemlich mäßig eher äußerst"),
    comparing=phrases("zu _ $\nviel zu"),
    frequencies=phrases("""
        nie|selten|manchmal|oft|immer|häufig|gelegentlich|regelmäßig|meistens
        täglich|wöchentlich|monatlich|jährlich
        jeden|jede|jedes tag|woche|monat|jahr
        einmal|zweimal|mehrmals
        seltener
    """),
    other=phrases("""
        andere|anderes|anderer|anderen|anders|sonstige|sonstiges
        etwas anderes
        jemand anderes
        keine|keines|keiner|keins|nichts|niemand
        trifft nicht zu
    """),
    unsaid=phrases("""
        keine angabe|meinung|antwort
        weiß nicht|ich
        weiß ich nicht
        möchte|will ich|nicht
        ich weiß|erinnere
        nicht zutreffend
        trifft nicht zu
        kann ich nicht
    """),
    optional=phrases("freiwillig\nwenn sie möchten\noptional"),
    yes_no=several("ja nein vielleicht richtig falsch"),
    recommend=phrases("weiterempfehl*|empfehl*|weiterempfiehl*"),
    likely=phrases("wahrscheinlich\nwahrscheinlichkeit"),
    overall=phrases("insgesamt\nalles in allem\nim großen und\nim allgemeinen"),
    frequent=frozenset(
        "der die das und sie ihr ihre ihren ihnen ist sind war wie was welche haben hat uns unser unsere unserer mit"
        " für"
        " zu den dem ein eine einen nicht auf von bei es auch wenn oder im in dass würden".split()
    ),
)
"""What is known of German."""
