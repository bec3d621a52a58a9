" Rondo studies and Antimony models.
if exists('b:current_syntax') | finish | endif

" A keyword before '=' or '.' is a name; '==' compares.
syn match rondoKeyword '\v<(model|module|function|end|for|in|while|if|else|return|assert|import|use|as|with)>(\s*(\=\=@!|\.\.@!))@!'
syn match rondoType '\v<(species|compartment|var|const|ext|formula|reaction|substanceOnly|at|is|has|unit|event|gene|constraint|delete)>(\s*(\=\=@!|\.\.@!))@!'
syn match rondoConstant '\v<(true|false|time|pi|avogadro|exponentiale|inf|infinity|nan|notanumber)>(\s*\=\=@!)@!'
syn match rondoCall '\v<\h\w*\ze\s*\('

syn match rondoOperator ~\v-\>|\=\>|\<-|:\=|'\=|\.\.|[-+*/^%]|[<>=!]\=?|\&\&|\|\|~

" '..' comes before a decimal point: 0..5 is a range.
syn match rondoNumber '\v<\d+(\.\.@!\d*)?([eE][+-]?\d+)?'
syn match rondoNumber '\v(\.)@<!\.\d+([eE][+-]?\d+)?'

syn match rondoLabel '\v<\h\w*\ze\s*:\=@!'

syn match rondoEscape '\\.' contained
syn region rondoValue matchgroup=rondoEscape start='{' end='}' contained contains=rondoString,rondoNumber,rondoCall,rondoOperator
syn region rondoString start='"' skip='\\.' end='"' contains=rondoEscape,rondoValue
syn region rondoString start='```' end='```'

syn keyword rondoTodo TODO FIXME contained
syn match rondoComment '\v(//|#).*$' contains=rondoTodo
syn region rondoComment start='/\*' end='\*/' contains=rondoTodo

hi def link rondoKeyword Keyword
hi def link rondoType Type
hi def link rondoConstant Constant
hi def link rondoCall Function
hi def link rondoNumber Number
hi def link rondoOperator Operator
hi def link rondoLabel Label
hi def link rondoEscape SpecialChar
hi def link rondoString String
hi def link rondoTodo Todo
hi def link rondoComment Comment

let b:current_syntax = 'rondo'
