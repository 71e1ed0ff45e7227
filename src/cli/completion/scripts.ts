// What a shell is told to complete dwh with. The scripts know nothing: they hand the line over, and show what comes back.
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The hidden command that answers: `dwh __complete SHELL LINE`, one candidate a line. */
export const COMPLETE = '__complete';

const bash = `# dwh completion for bash: add to ~/.bashrc:  source <(dwh completion bash)
_dwh() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(dwh ${COMPLETE} bash "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  # What goes on behind it gets no blank; readline completes files where dwh has nothing to offer.
  if [[ \${#COMPREPLY[@]} -ge 1 && \${COMPREPLY[0]} == *[:/,.+@=] ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o default -F _dwh dwh
`;

const zsh = `#compdef dwh
# dwh completion for zsh: add to ~/.zshrc, behind compinit:  source <(dwh completion zsh)
_dwh() {
  local -a found open closed
  local line="\${BUFFER[1,CURSOR]}"
  found=("\${(@f)$(dwh ${COMPLETE} zsh "$line" 2>/dev/null)}")
  open=(\${(M)found:#*[:/,.+@=]})
  closed=(\${found:#*[:/,.+@=]})
  if (( \${#found} == 0 )) || [[ -z "\${found[1]}" ]]; then _files; return; fi
  (( \${#open} )) && compadd -Q -S '' -- $open
  (( \${#closed} )) && compadd -Q -- $closed
}
compdef _dwh dwh
`;

const fish = `# dwh completion for fish: put into ~/.config/fish/completions/dwh.fish
function __dwh_complete
    dwh ${COMPLETE} fish (commandline -cp | string collect) 2>/dev/null
end
complete -c dwh -a '(__dwh_complete)'
`;

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
