# The workshop's docker: what is started here carries the session's label and has limits, and a container whose name was
# taken answers to its own. The lines above this one set `_docker`, `_names`, `_network`, `_shell`, `_labels`, `_limits`
# and `_switches`. In POSIX shell: starting Python would double the time of every docker command that a learner types.
# Variables have names that no variable has which a learner hands to a container.

# Set `_other` to the name that the container $1 has on the engine.
renamed() {
  _other=$1
  [ -s "$_names" ] || return 0
  while read -r _mine _theirs; do
    if [ "$_mine" = "$1" ]; then _other=$_theirs; fi
  done <"$_names"
}

# Rename the container in `_word`: a name, NAME:MORE, container:NAME, or a filter.
rename_name() {
  renamed "${_word#/}"
  [ "$_other" = "${_word#/}" ] || _word=$_other
}
rename_before_colon() {
  renamed "${_word%%:*}"
  _word=$_other:${_word#*:}
}
rename_shared() {
  case $_word in
    container:*)
      renamed "${_word#container:}"
      _word=container:$_other
      ;;
  esac
}
rename_filter() {
  case $_word in
    name=* | since=* | before=* | container=*) ;;
    *) return 0 ;;
  esac
  _start=${_word%%=*}= _name=${_word#*=} _end=
  case $_name in '^'*) _start=$_start^ _name=${_name#?} ;; esac
  case $_name in /*) _start=$_start/ _name=${_name#?} ;; esac
  case $_name in *'$') _end='$' _name=${_name%?} ;; esac
  renamed "$_name"
  _word=$_start$_other$_end
}

# Heed the value, in `_word`, of the option $1.
heed_value() {
  case $_kind:$1 in
    run:network | run:net)
      _network=
      rename_shared
      ;;
    run:pid | run:ipc | build:network) rename_shared ;;
    run:name) rename_name ;;
    run:link | run:volumes-from | connect:link)
      case $_word in
        *:*) rename_before_colon ;;
        *) rename_name ;;
      esac
      ;;
    list:filter | list:f) rename_filter ;;
    inspect:type) [ "$_word" = container ] || _where= ;;
  esac
}

# True if the option $1 takes a value.
takes_value() {
  case $_known in
    *" $1 "*) [ -z "$_others" ] ;;
    *) [ -n "$_others" ] ;;
  esac
}

# Heed a word of short options, such as -it or -fname=box.
heed_letters() {
  _before=- _letters=${_word#-}
  while [ -n "$_letters" ]; do
    _more=${_letters#?}
    _letter=${_letters%"$_more"}
    _before=$_before$_letter
    if takes_value "$_letter"; then
      case $_more in
        '') _value=$_letter ;;
        =*) _before=$_before= _more=${_more#=} ;;
      esac
      _word=$_more
      if [ -n "$_more" ]; then heed_value "$_letter"; fi
      _word=$_before$_word
      return
    fi
    if [ "$_letter" = t ]; then _terminal=1; fi
    _letters=$_more
  done
}

# Heed the command: which of its options take a value (`_known`, or with `_others` all but those), `_where` it names
# containers, and whether its first word that is no option ends what is docker's (`_last`).
heed_command() {
  case $_object/$_command in
    /run | /create) _kind=run _known=$_switches _others=1 _last=1 ;;
    /exec) _known=' detach-keys e env env-file u user w workdir ' _where=1 _last=1 ;;
    /top) _where=1 _last=1 ;;
    /attach | /diff | /port | /rename) _known=' detach-keys ' _where=1 ;;
    /commit) _known=' a author c change m message ' _where=1 ;;
    /export) _known=' o output ' _where=1 ;;
    /logs) _known=' n since tail until ' _where=1 ;;
    /cp) _where=paths ;;
    /inspect) _kind=inspect _known=' f format type ' _where=all ;;
    /kill) _known=' s signal ' _where=all ;;
    /restart | /stop) _known=' s signal t time timeout ' _where=all ;;
    /start) _known=' checkpoint checkpoint-dir detach-keys ' _where=all ;;
    /stats) _known=' format ' _where=all ;;
    /pause | /rm | /unpause | /wait) _where=all ;;
    /update) _others=1 _where=all ;;
    /ps | /ls | /list | /events) _kind=list _known=' f filter format last n since until ' ;;
    /build | image/build | builder/build | buildx/build) _kind=build _known=' network ' ;;
    network/connect)
      _kind=connect _known=' alias driver-opt gw-priority ip ip6 link link-local-ip ' _where=2
      ;;
    network/disconnect) _where=2 ;;
    checkpoint/*) _known=' checkpoint-dir ' _where=1 ;;
  esac
}

# Heed a word that is neither an option nor a value.
heed_word() {
  if [ -z "$_command" ]; then
    case $_object/$_word in
      /container | /system) _object=. ;;
      /builder | /buildx | /checkpoint | /image | /network | /volume) _object=$_word ;;
      *)
        _object=${_object#.} _command=$_word _at=$_number _known=' '
        heed_command
        ;;
    esac
    return
  fi
  _seen=$((_seen + 1))
  case $_where in
    all | "$_seen") rename_name ;;
    paths)
      case $_word in *:*) rename_before_colon ;; esac
      ;;
  esac
  _rest=$_last
}

_known=' H host c context l log-level config tlscacert tlscert tlskey '
_object= _command= _kind= _others= _last= _where= _value= _terminal= _plain= _rest= _at=0 _seen=0 _number=0 _count=$#
while [ "$_number" -lt "$_count" ]; do
  _word=$1 _number=$((_number + 1))
  shift
  if [ -n "$_value" ]; then
    heed_value "$_value"
    _value=
  elif [ -z "$_rest" ]; then
    case $_plain$_word in
      --) _plain=1 ;;
      --*=*)
        _option=${_word%%=*} _word=${_word#*=}
        heed_value "${_option#--}"
        _word=$_option=$_word
        ;;
      --*)
        if takes_value "${_word#--}"; then _value=${_word#--}; fi
        if [ "$_word" = --tty ]; then _terminal=1; fi
        ;;
      -?*) heed_letters ;;
      *) heed_word ;;
    esac
  fi
  set -- "$@" "$_word"
done

case $_object/$_command in
  /run | /create) _options="$_labels $_limits ${_terminal:+$_shell} ${_network:+--network $_network}" ;;
  network/create | volume/create) _options=$_labels ;;
  *) exec "$_docker" "$@" ;;
esac
# Options on the command line come later and win.
_number=0
while [ "$_number" -lt "$_count" ]; do
  _word=$1 _number=$((_number + 1))
  shift
  set -- "$@" "$_word"
  if [ "$_number" = "$_at" ]; then eval "set -- \"\$@\" $_options"; fi
done
exec "$_docker" "$@"
