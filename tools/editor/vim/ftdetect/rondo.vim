autocmd BufNewFile,BufRead *.rondo,*.ant setfiletype rondo
