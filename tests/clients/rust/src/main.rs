//! An authority's own system: opens a case, and answers the handovers that come.
//!
//! client open REQUEST_ID CPR_NUMBER NAME    prints the case's id
//! client answer TOKEN_FILE                  goes on until it is ended
//!
//! The variables of a profile say where and who: EXITBUS_ADDRESS, _CA, _CERT, _KEY, _EMPLOYEE, _PURPOSE.
use std::{env::var, error::Error, fs, time::Duration};

use exitbus::casework::v1::{OpenCaseRequest, Person, case_service_client::CaseServiceClient};
use exitbus::handover::v1::{
    AcceptHandoverRequest, AgreeTermsRequest, Handover, HandoverStage, Side, WatchHandoversRequest,
    handover_service_client::HandoverServiceClient, watch_handovers_request::Message, watch_handovers_response::Change,
};
use exitbus::{
    policy::v1::LegalBasis,
    watch::v1::{Acknowledge, Begin},
};
use tokio::{sync::mpsc, time::sleep};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

include!(concat!(env!("OUT_DIR"), "/contracts.rs"));

fn connect() -> Result<Channel, Box<dyn Error>> {
    let tls = ClientTlsConfig::new()
        .ca_certificate(Certificate::from_pem(fs::read(var("EXITBUS_CA")?)?))
        .identity(Identity::from_pem(fs::read(var("EXITBUS_CERT")?)?, fs::read(var("EXITBUS_KEY")?)?));
    let address = format!("https://{}", var("EXITBUS_ADDRESS")?);
    Ok(Endpoint::from_shared(address)?.tls_config(tls)?.connect_lazy())
}

fn by_us<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    for (name, variable) in [("exitbus-employee", "EXITBUS_EMPLOYEE"), ("exitbus-purpose", "EXITBUS_PURPOSE")] {
        request.metadata_mut().insert(name, var(variable).unwrap().parse().unwrap());
    }
    request
}

/// By which rule the service refused; none: the connection was lost, and the outcome is not known.
fn rule(error: &Status) -> Option<String> {
    error.get_details_error_info().filter(|info| info.domain == "exitbus").map(|info| info.reason)
}

/// Waits a moment, after which it may be tried again; if the refusal stands, gives it back.
async fn again(error: Status) -> Result<(), Status> {
    if rule(&error).is_some() && !matches!(error.code(), Code::Unavailable | Code::ResourceExhausted) {
        return Err(error);
    }
    println!("again: {:?} {}", error.code(), error.message());
    sleep(Duration::from_secs(1)).await;
    Ok(())
}

/// The answer. The same request_id is sent until there is one, so that the change happens once.
async fn call<M: Clone, R>(
    mut method: impl AsyncFnMut(Request<M>) -> Result<tonic::Response<R>, Status>,
    message: M,
) -> Result<R, Status> {
    loop {
        let mut request = by_us(message.clone());
        request.set_timeout(Duration::from_secs(10));
        match method(request).await {
            Ok(response) => return Ok(response.into_inner()),
            Err(error) => again(error).await?,
        }
    }
}

async fn open(channel: Channel, request_id: &str, cpr_number: &str, name: &str) -> Result<(), Status> {
    let mut client = CaseServiceClient::new(channel);
    let person = Person { cpr_number: cpr_number.into(), name: name.into(), ..Default::default() };
    let request = OpenCaseRequest {
        request_id: request_id.into(),
        person: Some(person),
        legal_basis: LegalBasis::Fvl28.into(),
        ..Default::default()
    };
    let answer = call(async |request| client.open_case(request).await, request).await?;
    println!("opened {}", answer.case.unwrap_or_default().case_id);
    Ok(())
}

/// What is ours to do, by the stage. The etag makes the request_id: one of its own for each state seen.
async fn answer_handover(client: &mut HandoverServiceClient<Channel>, seen: Handover) {
    let (stage, handover_id, etag) = (seen.stage(), seen.handover_id.clone(), seen.etag.clone());
    println!("handover {handover_id} {} {etag}", stage.as_str_name());
    let done = if seen.side() != Side::Receiver {
        return;
    } else if stage == HandoverStage::Requested && !seen.terms.is_empty() {
        let request = AgreeTermsRequest { request_id: format!("agree-{etag}"), handover_id, etag, term_ids: vec![] };
        call(async |request| client.agree_terms(request).await, request).await.map(|_| "agreed")
    } else if stage == HandoverStage::TermsCoordinated {
        let request = AcceptHandoverRequest { request_id: format!("accept-{etag}"), handover_id, etag };
        call(async |request| client.accept_handover(request).await, request).await.map(|_| "accepted")
    } else {
        return;
    };
    match done {
        Ok(done) => println!("{done} {}", seen.handover_id),
        // Somebody was first: the watch tells how it is now.
        Err(error) => println!("refused {} {}", rule(&error).unwrap_or_default(), error.message()),
    }
}

/// Tells what there is to tell until the stream ends. A token is stored once its message is done with.
async fn follow(client: &mut HandoverServiceClient<Channel>, file: &str) -> Result<(), Status> {
    let token = fs::read_to_string(file).unwrap_or_default();
    let (to_send, sent) = mpsc::channel(32);
    let ask = |message| WatchHandoversRequest { message: Some(message) };
    to_send.send(ask(Message::Begin(Begin { token }))).await.ok();
    let mut stream = client.watch_handovers(by_us(ReceiverStream::new(sent))).await?.into_inner();
    while let Some(told) = stream.message().await? {
        if let Some(Change::Handover(seen)) = told.change {
            answer_handover(client, seen).await;
        }
        let new = format!("{file}.new");
        fs::write(&new, &told.token).and_then(|()| fs::rename(&new, file)).expect("the token has to be stored");
        to_send.send(ask(Message::Acknowledge(Acknowledge { token: told.token }))).await.ok();
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let ended = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["open", request_id, cpr_number, name] => open(connect()?, request_id, cpr_number, name).await,
        ["answer", file] => {
            let mut client = HandoverServiceClient::new(connect()?);
            loop {
                if let Err(error) = follow(&mut client, file).await
                    && let Err(refused) = again(error).await
                {
                    break Err(refused);
                }
            }
        }
        _ => return Err("say open REQUEST_ID CPR_NUMBER NAME, or answer TOKEN_FILE".into()),
    };
    ended.map_err(|error| format!("refused {} {}", rule(&error).unwrap_or_default(), error.message()).into())
}
