fn main() -> std::io::Result<()> {
    let services = ["casework/v1/case_service", "handover/v1/handover_service"];
    tonic_prost_build::configure()
        .build_server(false)
        .include_file("contracts.rs")
        .compile_protos(&services.map(|service| format!("proto/exitbus/{service}.proto")), &["proto".to_string()])
}
