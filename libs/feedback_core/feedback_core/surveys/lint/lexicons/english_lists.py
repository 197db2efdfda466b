"""English: what questions are about and how they begin; jargon, what is sensitive or supposed, pairs of one thing."""

from typing import Final

JARGON: Final = """
    ux -> ease of use
    omnichannel -> every way of reaching us
    multichannel -> several ways of reaching us
    touchpoint|touchpoints -> contact with us
    end-to-end -> whole
    fulfilment|fulfillment -> delivery
    ecosystem -> range of products
    synergy|synergies -> benefits
    leverage|leveraged|leveraging -> use
    stakeholder|stakeholders -> people concerned
    onboarding|onboarded -> first days with us
    value proposition -> offer
    self-service portal -> website
    portal's|portal -> website
    best-in-class -> good
    turnaround time|times -> time it took
    first contact resolution -> problem solved at the first contact
    churn -> customers who leave
    kpi|kpis -> figures
    escalation|escalated -> passing on of your problem
    tier 1|2|3|one|two|three -> our specialists
    ticket at|number -> request
    bandwidth -> speed of your connection
    latency -> delay of your connection
    throughput -> speed
    interface -> screens
    ui -> screens
    functionality|functionalities -> what it can do
    user journey|journeys -> steps
    customer journey|journeys -> steps
    customer-centric|customer-centricity -> attentive
    proactive|proactively -> without being asked
    deliverable|deliverables -> results
    actionable -> useful
    paradigm -> way of working
    holistic -> whole
    granular|granularity -> detailed
    optimise|optimize|optimisation|optimization -> improve
    utilise|utilize|utilised|utilized|utilisation|utilization -> use
    facilitate|facilitated|facilitates -> help
    remediation -> repair
    methodology -> method
    backend|frontend|middleware -> system
    scalable|scalability -> able to grow
    interoperability -> working together
    throughline -> theme
    bandwidths -> speeds
    solutioning -> solving
    tooling -> tools
    tokenisation|tokenization
    deductible|copay
    amortisation|amortization
    indemnity|indemnification
    provisioning|provisioned -> setting up
    aforementioned -> that
    notwithstanding -> despite
    heretofore|hereinafter|herewith
    pursuant -> under
    subsequent to -> after
    prior to -> before
    in lieu of -> instead of
"""
KNOWN: Final = """
    tv pc id ok uk us usa eu un pdf sms faq vat pin atm dvd cd usb gps am pm a q wifi wi-fi ceo dna diy eta it ii iii iv
    nhs gp covid bbc html app www email tel max min asap rsvp vip mp phd mr mrs ms dr st llc ltd inc i o x
"""
SENSITIVE: Final = """
    income -> income
    salary|salaries|wages -> income
    earn -> income
    how much money do you make|have -> income
    religion|religious|faith -> religion
    church|mosque|synagogue|temple do|did you -> religion
    ethnic|ethnicity -> ethnic origin
    your race|racial -> ethnic origin
    skin colour|color -> ethnic origin
    sexual|sexuality -> sexual life
    gay|lesbian|bisexual|transgender -> sexual life
    what is your gender|sex -> gender
    your gender identity|gender -> gender
    disability|disabilities|disabled -> health
    illness|illnesses|disease|diseases|diagnosis|diagnosed -> health
    health condition|conditions|problem|problems|status -> health
    your weight -> health
    mental health -> health
    medication|medications|hiv -> health
    pregnant|pregnancy -> health
    depressed|depression -> health
    convicted|arrested|prison|crime|criminal -> offences
    vote|voted|voting -> political opinion
    political party|parties|opinion|opinions|views|affiliation -> political opinion
    trade|labour|labor union -> union membership
    union member|membership -> union membership
    tax|taxes did|do you pay -> income
    much tax|taxes -> income
    in debt -> debts
    debt|debts|bankrupt|bankruptcy -> debts
    savings|mortgage -> finances
    credit card number -> finances
    bank account number|details -> finances
    social security number -> identity
    passport number -> identity
    date of birth -> identity
    home address -> identity
    your phone|telephone number -> identity
    your full|maiden name -> identity
    marital status -> family
    divorced|divorce -> family
    immigration|citizenship|nationality|asylum -> origin
    smoke|cigarettes|tobacco -> smoking
    alcohol|drunk -> alcohol
    drugs|cannabis -> drugs
    abortion -> health
    domestic violence -> violence
"""
PAIRS: Final = """
    terms and conditions
    bed and breakfast
    research and development
    health and safety
    black and white
    profit and loss
    pros and cons
    trial and error
    friends|family and|or family|friends
    friend|friends or colleague|colleagues|family|relative|relatives|acquaintance
    name and address|surname
    date and time
    arts and crafts
    food and drink|drinks|beverages
    fish and chips
    salt and pepper
    bits and pieces
    back and forth
    up and down
    more and more
    again and again
    lost and found
    supply and demand
    question|questions and answer|answers
    click and collect
    park and ride
    cash and carry
    check-in and check-out
    arrival and departure
    men and women
    first and last|foremost
    more or less
    satisfied or dissatisfied|unsatisfied
    easy or difficult|hard
    likely or unlikely
    better or worse
    good or bad|poor
    agree or disagree
    important or unimportant
    clear or unclear
    true or false
    yes or no
    right or wrong
    high or low
    too _ or too
    much or little
    helpful or unhelpful
    polite or impolite|rude
    clean or dirty
    fast|quick or slow
    whether or not
    one|once|two|twice|three or two|three|more|four
    more or fewer
    sooner or later
    day|days or night|hours|weeks
    monday and friday
    between _ and _
    both _ and
    if and
    and if
    time and effort
    wear and tear
    rules and regulations
    hardware and software
    human and resources
    or more|less|fewer|older|over|under|above|below|later|longer|younger|another|other|so|else|similar|equivalent|not
    and so|over|above|more|then|others|other
    love|favour or hate|against
    for or against
    positive or negative
    stay|increase|change or change|decrease|stay
"""
VERBS: Final = """
    visit|call|use|read|buy|write|order|phone|book|ask|speak|talk|watch|attend|contact|return|cancel|send|pay
    eat|download
    reduce|lower|increase|improve|extend|close|open|build|ban|stop|start|offer|help|solve|explain|tell|recommend|find
    our|your|my|their|its|did|do|was|were|is|are|how|what
"""
BEHAVIOUR: Final = """
    how many times
    how often
    how frequently
    how many ... have|did you
    how much have you spent|paid|bought|eaten|used
    how much did you spend on
    how many hours|days|minutes have|did
    have you ever
    have you contacted|called|phoned|used|visited|written|complained|bought|ordered|spent|returned|experienced|attended
    have you had a|any|to problem|problems|reason|contact|cause|complaint|complaints|call|trouble|difficulty|wait
    have you had a|an|any|no _ problem|problems|delivery|reply|contact
    has|have anyone|anybody|somebody|someone
    which ... have you used|visited|bought|tried|contacted|called
    what ... have you used|visited|bought|tried
    did any of our
"""
TOLD_WHEN: Final = """
    today|yesterday|tonight
    this week|month|year|morning|afternoon|evening|visit|order|call|time|season|summer|winter|spring|autumn|quarter
    about|with|for|of this|that order|problem|call|visit|delivery|claim|case|request|appointment|booking|trip|stay
    since january|february|march|april|may|june|july|august|september|october|november|december|you|your|the|last|then
    in january|february|march|april|may|june|july|august|september|october|november|december
    on monday|tuesday|wednesday|thursday|friday|saturday|sunday
    your|the last|latest|most|previous|current|first|recent
    last time|visit|week|month|year|call|order|stay|night|summer|winter
    during|on|at|in|before|after your|the|this|that|our visit|stay|call|trip|appointment|delivery|order|flight|repair
    during|on|at|in|before|after your|the|this|that|our course|treatment|meal|event|tour
    when you called|visited|arrived|last|ordered|bought|came|contacted|needed|booked|left
    before you called|visited|bought|ordered|came
    per day|week|month|year|visit
    a|each|every day|week|month
    ago
    in the past|last
    over the past|last
    during the past|last
    within the past|last
    in a typical|normal|average|usual
    on a typical|normal|average|usual
    so far this
    the past|last _ days|weeks|months|years|hours
"""
STATEMENTS: Final = """
    ^ i am satisfied with -> How satisfied are you with
    ^ i'm satisfied with -> How satisfied are you with
    ^ i trust -> How much do you trust
    ^ i am likely to -> How likely are you to
    ^ i find it easy to -> How easy or difficult is it for you to
    ^ it was easy to -> How easy or difficult was it to
    ^ it is easy to -> How easy or difficult is it to
    ^ the company made it easy for me to -> How easy or difficult was it to
"""
HYPOTHETICAL: Final = """
    ^ imagine
    ^ suppose|supposing
    what would you do|have
    what if
    how much would you pay|spend|give
    how much would you be
    how likely would you be
    would you have
    would you be willing|ready|prepared|interested|happy|able
    would you ever
    would you use|buy|pay|try|come|visit|choose|switch|consider|want|order|subscribe|join|attend|book|sign|download|shop
    would you still|also|not|rather
    would you support|accept|agree to
    in an ideal world
    hypothetically
    if money were
    if we offered|opened|built|introduced|made|had|were|could|closed|raised|lowered|changed
"""
POLITE: Final = """
    would you say
    would you rate|describe|characterise|characterize|score|rank|assess|evaluate|judge|grade|summarise
    would you recommend
    would you agree that|with
    would you like to
    would you mind
    would you prefer to be|not
    would you please
    that you would recommend
"""
